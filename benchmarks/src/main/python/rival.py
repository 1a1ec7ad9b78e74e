"""What CPython's multiprocessing takes for what the comparisons measure.

The argument says what: spawn, forkserver, map, lock, counter, counter-crowd, pipe, queue, apply,
apply-async, executor-submit, executor-map, loops, interpreter-map, interpreter-queue, manager-put,
manager-get, manager-start; or executor-KIND-WORK. The first line that is printed says who measures;
there is none if this CPython cannot. Each line on standard input asks for one more measurement; the
answer is a line with its nanoseconds. The clock runs in here, so that neither the interpreter's start
nor the conversation counts.
"""

import concurrent.futures
import multiprocessing
import os
import platform
import sys
import time

WORKERS = 4
ITEMS = 10_000
MAPS = 20
LOCKS = 200_000
INCREMENTS = 50_000
TRIPS = 5_000
PUTS = 50_000
QUEUE_TRIPS = 20
GETS = 10
LARGE = 10 << 20
APPLIES = 500
TASKS = 10_000
LOOPS = 8
STEPS = 5_000_000


def no_op():
    return None


def answer(connection):
    connection.send(no_op())
    connection.close()


def double(number):
    return number * 2


def start_and_answer(context):
    """Starts processes that answer one no-op each; until the last answer is here."""
    started = []
    begin = time.perf_counter_ns()
    for _ in range(WORKERS):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=answer, args=(there,))
        process.start()
        there.close()
        started.append((process, here))
    for _, here in started:
        here.recv()
    nanos = time.perf_counter_ns() - begin
    for process, here in started:
        process.join()
        here.close()
    return nanos


def warm_map(pool, items):
    begin = time.perf_counter_ns()
    for _ in range(MAPS):
        pool.map(double, items)
    return (time.perf_counter_ns() - begin) // MAPS


def lock_and_unlock(lock):
    begin = time.perf_counter_ns()
    for _ in range(LOCKS):
        lock.acquire()
        lock.release()
    return (time.perf_counter_ns() - begin) / LOCKS


def echo(connection):
    while True:
        connection.send(connection.recv())


def round_trips(connection):
    begin = time.perf_counter_ns()
    for i in range(TRIPS):
        connection.send(i)
        connection.recv()
    return (time.perf_counter_ns() - begin) / TRIPS


def take(queue, done):
    while True:
        for _ in range(PUTS):
            queue.get()
        done.send(True)


def put_and_get(queue, done):
    begin = time.perf_counter_ns()
    for i in range(PUTS):
        queue.put(i)
    done.recv()
    return (time.perf_counter_ns() - begin) / PUTS


def applies(pool):
    begin = time.perf_counter_ns()
    for _ in range(APPLIES):
        pool.apply(no_op)
    return (time.perf_counter_ns() - begin) / APPLIES


def apply_all(pool):
    begin = time.perf_counter_ns()
    for answer in [pool.apply_async(no_op) for _ in range(TASKS)]:
        answer.get()
    return (time.perf_counter_ns() - begin) / TASKS


def submit_all(executor):
    begin = time.perf_counter_ns()
    for future in [executor.submit(no_op) for _ in range(TASKS)]:
        future.result()
    return (time.perf_counter_ns() - begin) / TASKS


def executor_map():
    """With the start and the end of the executor."""
    begin = time.perf_counter_ns()
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        list(executor.map(double, range(TASKS), chunksize=1))
    return (time.perf_counter_ns() - begin) / TASKS


def loop(_):
    total = 0
    for i in range(STEPS):
        total = (total + i * i) % 1_000_000_000
    return total


def loops():
    """With the start and the end of the pool."""
    begin = time.perf_counter_ns()
    with multiprocessing.Pool(WORKERS) as pool:
        pool.map(loop, range(LOOPS), chunksize=1)
    return time.perf_counter_ns() - begin


def open_executor(kind):
    if kind == "thread":
        return concurrent.futures.ThreadPoolExecutor(WORKERS)
    if kind == "interpreter":
        return concurrent.futures.InterpreterPoolExecutor(WORKERS)
    return concurrent.futures.ProcessPoolExecutor(WORKERS, multiprocessing.get_context(kind))


def submit_work(executor, work):
    if work == "start":
        return [executor.submit(no_op) for _ in range(WORKERS)]
    if work == "doublings":
        return [executor.submit(double, i) for i in range(TASKS)]
    return [executor.submit(loop, i) for i in range(LOOPS)]


def executor_run(kind, work):
    """With the start and the end of the executor."""
    begin = time.perf_counter_ns()
    with open_executor(kind) as executor:
        for future in submit_work(executor, work):
            future.result()
    return time.perf_counter_ns() - begin


def interpreter_map():
    begin = time.perf_counter_ns()
    with concurrent.futures.InterpreterPoolExecutor(WORKERS) as executor:
        list(executor.map(double, range(TASKS)))
    return (time.perf_counter_ns() - begin) / TASKS


def echo_numbers(there, back):
    while True:
        back.put(there.get())


def queue_round_trips(there, back):
    begin = time.perf_counter_ns()
    for i in range(QUEUE_TRIPS):
        there.put(i)
        back.get()
    return (time.perf_counter_ns() - begin) / QUEUE_TRIPS


def serve_interpreter_queue():
    from concurrent import interpreters

    there = interpreters.create_queue()
    back = interpreters.create_queue()
    interpreters.create().call_in_thread(echo_numbers, there, back)
    serve(lambda: queue_round_trips(there, back))
    os._exit(0)  # its thread never ends


def manager_puts(proxy):
    begin = time.perf_counter_ns()
    for i in range(TRIPS):
        proxy["key"] = i
    return (time.perf_counter_ns() - begin) / TRIPS


def manager_gets(proxy):
    begin = time.perf_counter_ns()
    for _ in range(GETS):
        proxy["large"]
    return (time.perf_counter_ns() - begin) / GETS


def manager_start():
    """The first call answered; not its end."""
    begin = time.perf_counter_ns()
    manager = multiprocessing.get_context("spawn").Manager()
    manager.dict()["key"] = 1
    nanos = time.perf_counter_ns() - begin
    manager.shutdown()
    return nanos


def serve(measure, name="CPython"):
    print(name, platform.python_version(), flush=True)
    for _ in sys.stdin:
        print(measure(), flush=True)


def serve_executor(kind, work):
    executor_run(kind, "start")  # from here on the fork server is up
    name = open_executor(kind).__class__.__name__
    start = f", {kind}" if name.startswith("Process") else ""
    serve(lambda: executor_run(kind, work), f"{name}{start}, CPython")


def increments(value):
    begin = time.perf_counter_ns()
    for _ in range(INCREMENTS):
        with value.get_lock():
            value.value += 1
    return (time.perf_counter_ns() - begin) / INCREMENTS


def serve_crowd(value):
    """Counts in processes of their own that count at the same time."""
    ends = []
    for _ in range(WORKERS):
        here, there = multiprocessing.Pipe()
        multiprocessing.Process(target=count_on_demand, args=(value, there), daemon=True).start()
        ends.append(here)
    serve(lambda: count_together(ends))


def count_on_demand(value, connection):
    try:
        while True:
            connection.recv()
            increments(value)
            connection.send(True)
    except EOFError:
        return  # all was measured


def count_together(ends):
    begin = time.perf_counter_ns()
    for end in ends:
        end.send(True)
    for end in ends:
        end.recv()
    return (time.perf_counter_ns() - begin) / (INCREMENTS * len(ends))


def main():
    what = sys.argv[1]
    if "interpreter" in what and not hasattr(concurrent.futures, "InterpreterPoolExecutor"):
        return  # without a word: before 3.14
    if what.startswith("executor-") and what.count("-") == 2:
        _, kind, work = what.split("-")
        serve_executor(kind, work)
    elif what == "counter":
        value = multiprocessing.Value("q", 0)
        serve(lambda: increments(value))
    elif what == "counter-crowd":
        serve_crowd(multiprocessing.Value("q", 0))
    elif what == "map":
        items = list(range(ITEMS))
        with multiprocessing.Pool(WORKERS) as pool:
            for _ in range(10):
                warm_map(pool, items)
            serve(lambda: warm_map(pool, items))
    elif what == "lock":
        lock = multiprocessing.Lock()
        serve(lambda: lock_and_unlock(lock))
    elif what == "pipe":
        here, there = multiprocessing.Pipe()
        multiprocessing.Process(target=echo, args=(there,), daemon=True).start()
        serve(lambda: round_trips(here))
    elif what == "queue":
        here, there = multiprocessing.Pipe()
        queue = multiprocessing.Queue()
        multiprocessing.Process(target=take, args=(queue, there), daemon=True).start()
        serve(lambda: put_and_get(queue, here))
    elif what in ("apply", "apply-async"):
        with multiprocessing.Pool(1 if what == "apply" else WORKERS) as pool:
            pool.map(double, range(100))
            serve(lambda: (applies if what == "apply" else apply_all)(pool))
    elif what == "executor-submit":
        with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
            list(executor.map(double, range(100)))
            serve(lambda: submit_all(executor))
    elif what == "executor-map":
        serve(executor_map)
    elif what == "loops":
        serve(loops)
    elif what == "interpreter-map":
        serve(interpreter_map)
    elif what == "interpreter-queue":
        serve_interpreter_queue()
    elif what == "manager-start":
        serve(manager_start)
    elif what in ("manager-put", "manager-get"):
        with multiprocessing.Manager() as manager:
            proxy = manager.dict()
            proxy["large"] = bytes(LARGE)
            serve(lambda: (manager_puts if what == "manager-put" else manager_gets)(proxy))
    else:
        context = multiprocessing.get_context(what)
        start_and_answer(context)  # from here on the fork server is up
        serve(lambda: start_and_answer(context))


if __name__ == "__main__":
    main()
