package dev.procession.benchmarks;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM that runs tasks, as Hazelcast does that: it is a member, by itself, and this one is a
 * client. Hazelcast is here for all systems that run tasks in JVMs: it is well kept, needs nothing
 * but its jar, and its executor is an {@link ExecutorService}, so it is given the same tasks.
 */
public final class HazelcastMember implements AutoCloseable {
  private static final String EXECUTOR = "tasks";
  private static final String CLUSTER = "procession-benchmarks";

  private final Process process;
  private final HazelcastInstance client;

  private HazelcastMember(Process process, HazelcastInstance client) {
    this.process = process;
    this.client = client;
  }

  /** Is the member: prints its address, and ends with its standard input. */
  public static void main(String[] arguments) throws IOException {
    Config config = new Config().setClusterName(CLUSTER);
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getJetConfig().setEnabled(false);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "none");
    config.addExecutorConfig(new ExecutorConfig(EXECUTOR, Integer.parseInt(arguments[0])));
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    System.out.println(member.getCluster().getLocalMember().getSocketAddress().getPort());
    byte[] _ = System.in.readAllBytes(); // until the client ends
    Runtime.getRuntime().halt(0);
  }

  static HazelcastMember start(int workers) throws IOException {
    Process process =
        Jvm.of(List.of(), HazelcastMember.class, Integer.toString(workers))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String port = output.readLine();
    if (port == null) {
      throw new IOException("no member: status=" + process.onExit().join().exitValue());
    }
    ClientConfig config = new ClientConfig().setClusterName(CLUSTER);
    config
        .getNetworkConfig()
        .addAddress(InetAddress.getLoopbackAddress().getHostAddress() + ':' + port);
    config.setProperty("hazelcast.logging.type", "none");
    return new HazelcastMember(process, HazelcastClient.newHazelcastClient(config));
  }

  ExecutorService executor() {
    return client.getExecutorService(EXECUTOR);
  }

  @Override
  public void close() throws IOException {
    client.shutdown();
    process.getOutputStream().close();
    process.onExit().orTimeout(Duration.ofMinutes(1).toMillis(), TimeUnit.MILLISECONDS).join();
  }
}
