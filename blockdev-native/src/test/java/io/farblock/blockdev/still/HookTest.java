package io.farblock.blockdev.still;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of an operator, well behaved and not. */
class HookTest
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    private Path directory;

    @Test
    void shouldTellTheCommandWhatItIsFor() throws Exception
    {
        final String first =
            run(LIMIT_NS, "echo /dev/$FARBLOCK_GROUP/$FARBLOCK_EPOCH/$FARBLOCK_PHASE; echo more; echo noise >&2");

        assertThat(first).isEqualTo("/dev/db/7/before");
    }

    @Test
    void shouldPassArgumentsUntouchedByAnyShell() throws Exception
    {
        final Hook hook = hook(LIMIT_NS, List.of("printf", "%s", "$HOME; *"));

        assertThat(hook.run("db", 7, "before")).isEqualTo("$HOME; *");
    }

    @Test
    void shouldSayHowItEndedAndWhatItSaid()
    {
        assertThatThrownBy(() -> run(LIMIT_NS, "echo all fine; echo no space >&2; exit 3"))
            .isInstanceOf(CommandException.class).hasMessageContaining("the hook for before of group db failed")
            .hasMessageContaining("ended with exit code 3; it said: ").hasMessageContaining("no space");
        assertThatThrownBy(() -> run(LIMIT_NS, "no-such-thing")).hasMessageContaining("127 (a shell's word for: no");
        assertThatThrownBy(() -> run(LIMIT_NS, "kill -SEGV $$")).hasMessageContaining("(signal 11, SEGV)");
        assertThatThrownBy(() -> hook(LIMIT_NS, List.of("/no/such/program")).run("db", 7, "before"))
            .hasMessageContaining("cannot run /no/such/program").hasMessageContaining("expected a program");
    }

    @Test
    void shouldKeepOnlyTheEndOfALongSpeech()
    {
        assertThatThrownBy(() -> run(LIMIT_NS, "seq 1 200000; echo the end; exit 1"))
            .satisfies(ex -> assertThat(ex.getMessage()).endsWith("ms").contains("the end").hasSizeLessThan(8192));
    }

    @Test
    void shouldEndOneThatTakesTooLongWithAllItsChildren() throws Exception
    {
        final Path pids = directory.resolve("pids");

        assertThatThrownBy(() -> run(TimeUnit.MILLISECONDS.toNanos(500),
            "trap '' TERM; sleep 600 & echo $! > " + pids + "; echo $$ >> " + pids + "; while :; do wait; done"))
            .hasMessageContaining("took too long").hasMessageContaining("within 500 ms");

        for (final String pid : Files.readAllLines(pids))
        {
            ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)
                .ifPresent(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        }
    }

    @Test
    void shouldEndOneThatNeverStopsTalking()
    {
        assertThatThrownBy(() -> run(TimeUnit.MILLISECONDS.toNanos(500), "yes"))
            .hasMessageContaining("took too long");
    }

    @Test
    void shouldNotWaitForADaemonThatItLeft() throws Exception
    {
        final long beginNs = System.nanoTime();

        final String first = run(LIMIT_NS, "sleep 20 & echo $!");

        ProcessHandle.of(Long.parseLong(first)).ifPresent(ProcessHandle::destroyForcibly);
        assertThat(System.nanoTime() - beginNs).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    private static String run(final long limitNs, final String script) throws CommandException
    {
        return hook(limitNs, List.of("sh", "-c", script)).run("db", 7, "before");
    }

    private static Hook hook(final long limitNs, final List<String> command)
    {
        return new Hook(command, limitNs, new ProcessRunner(SystemNanoClock.INSTANCE));
    }
}
