package dev.procession.manager;

import java.util.List;

/**
 * What a manager holds, and for whom, at a moment.
 *
 * @param pid process id of the manager
 * @param objects that are served
 * @param clients processes that are connected, with how many objects each holds
 * @param names of objects that have one
 */
public record ManagerStats(
    long pid, List<ServedObject> objects, List<Client> clients, List<String> names) {
  /** Copies the lists. */
  public ManagerStats {
    objects = List.copyOf(objects);
    clients = List.copyOf(clients);
    names = List.copyOf(names);
  }

  /**
   * An object that is served.
   *
   * @param id its number
   * @param type name of the interface of its proxies
   * @param holders how many processes hold it
   * @param tickets how many proxies of it are under way from one process to another
   */
  public record ServedObject(long id, String type, int holders, int tickets) {}

  /**
   * A process that is connected.
   *
   * @param name that it is known by
   * @param pid its process id there
   * @param objects how many objects it holds
   * @param calls how many of its calls run or wait
   */
  public record Client(String name, long pid, int objects, int calls) {}
}
