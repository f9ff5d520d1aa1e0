package io.farblock.raidsim.serve;

import io.farblock.powersim.command.Answer;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.raidsim.array.RaidArray;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/**
 * The thread {@code raid-work}: calls the array's {@link RaidArray#work}, gives the fault plans their time, and runs
 * what commands want changed, so that no change comes while the array decides what to do next. Parks for as long as the
 * array says. What work throws ends the thread and completes {@link #failed}: then the server has to stop.
 */
final class ArrayWork implements AutoCloseable
{
    /** Faults that wait for a time are at most this late when nobody uses the array. */
    private static final long PLAN_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MOST_TASKS = 16;
    /** A disk that pauses for long may hold a step of a rebuild, and with it the thread. */
    private static final long LONGEST_WAIT_S = 60;

    private final RaidArray array;
    private final FaultPlans plans;
    private final NanoClock clock;
    private final ArrayBlockingQueue<FutureTask<Answer>> tasks = new ArrayBlockingQueue<>(MOST_TASKS);
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "raid-work");
    private volatile boolean closed;

    ArrayWork(final RaidArray array, final FaultPlans plans, final NanoClock clock)
    {
        this.array = array;
        this.plans = plans;
        this.clock = clock;
    }

    void launch()
    {
        thread.start();
    }

    /** Completed when the thread has ended by itself. */
    CompletableFuture<Throwable> failed()
    {
        return failed;
    }

    /** Runs something between two steps and waits for it. */
    Answer run(final Callable<Answer> change) throws ServeException
    {
        final FutureTask<Answer> task = new FutureTask<>(change);
        if (closed || failed.isDone() || !tasks.offer(task))
        {
            throw new ServeException(ExitCode.NOT_NOW, "the server is stopping or has too much to do; try again");
        }
        LockSupport.unpark(thread);
        try
        {
            return task.get(LONGEST_WAIT_S, TimeUnit.SECONDS);
        }
        catch (final ExecutionException refused)
        {
            throw asServeException(refused.getCause());
        }
        catch (final TimeoutException late)
        {
            throw new ServeException(ExitCode.NOT_NOW, "the array has been in one step for " + LONGEST_WAIT_S +
                " s and will do it later, if it has not begun; some disk is very slow: see raid-sim status");
        }
        catch (final CancellationException ended)
        {
            throw new ServeException(ExitCode.NOT_NOW, "the server is stopping");
        }
        catch (final InterruptedException stopping)
        {
            Thread.currentThread().interrupt();
            throw new ServeException(ExitCode.NOT_NOW, "the server is stopping");
        }
    }

    private static ServeException asServeException(final Throwable cause)
    {
        return cause instanceof ServeException refused ? refused :
            new ServeException(ExitCode.FAILED, cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    private void run()
    {
        try
        {
            while (!closed)
            {
                step();
            }
        }
        catch (final RuntimeException | Error broken)
        {
            failed.complete(broken);
        }
        finally
        {
            // whoever slipped in is told, instead of waiting for a thread that is gone
            tasks.forEach((task) -> task.cancel(false));
        }
    }

    private void step()
    {
        FutureTask<Answer> task = tasks.poll();
        while (task != null)
        {
            task.run();
            task = tasks.poll();
        }
        plans.step();
        final long waitNs = array.work(clock.nanoTime());
        if (waitNs > 0 && tasks.isEmpty() && !closed)
        {
            LockSupport.parkNanos(this, plans.isEmpty() ? waitNs : Math.min(waitNs, PLAN_NS));
        }
    }

    /** Ends the thread after the step that it is in, and waits for that. */
    @Override
    public void close()
    {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive())
        {
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                // the array must not be closed under its worker
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
    }
}
