package io.farblock.powersim.explore;

import static io.farblock.powersim.explore.Cuts.PAGE_BYTES;
import static io.farblock.powersim.explore.Cuts.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.linux.ImageFile;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.powersim.toy.Forgetful;
import io.farblock.powersim.toy.Sketch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the explorer tries, counts, finds and makes again. */
class ExplorerTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("scratch");

    @Test
    void shouldKnowTheFactsBeforeTheCutAlone() throws Exception
    {
        final Set<String> seen = new HashSet<>();

        explore(new Sketch("facts", (media, witness, random) ->
        {
            final BlockDevice device = media.device("disk", PAGE_BYTES);
            for (char letter = 'a'; letter <= 'c'; letter++)
            {
                device.write(0, page(letter), 0, PAGE_BYTES);
                device.flush();
                witness.note(letter);
            }
        }, (survived, witness) -> seen.add(
            witness.facts() + Cuts.tell(survived.device("disk", PAGE_BYTES), 1).replaceAll("\\[.*", "torn"))), 100);

        // never a fact before its flush, never a content from before the last fact
        assertThat(seen).containsExactlyInAnyOrder("[]-", "[]a", "[]torn", "[a]a", "[a]b", "[a]torn", "[a, b]b",
            "[a, b]c", "[a, b]torn", "[a, b, c]c");
    }

    @Test
    void shouldTryAndCountEachStateOnce() throws Exception
    {
        final Set<String> seen = new HashSet<>();
        final int[] tries = {0};

        final Explorer explorer = explore(new Sketch("once", (media, witness, random) ->
        {
            final BlockDevice device = media.device("disk", 2 * PAGE_BYTES);
            device.write(0, page('a'), 0, PAGE_BYTES);
            device.write(PAGE_BYTES, page('b'), 0, 512);
            // the same bytes once more leave nothing new
            device.write(0, page('a'), 0, PAGE_BYTES);
            device.flush();
            device.flush();
            witness.note("flushed");
        }, (survived, witness) ->
        {
            tries[0]++;
            final ByteBuffer all = ByteBuffer.allocate(2 * PAGE_BYTES);
            survived.device("disk", 2 * PAGE_BYTES).read(0, all, 0, all.capacity());
            seen.add(witness.facts() + Arrays.toString(all.array()));
        }), 10_000);

        assertThat(explorer.states()).isEqualTo(tries[0]).isEqualTo(seen.size());
        assertThat(explorer.lives()).isGreaterThan(1);
    }

    @Test
    void shouldFindABrokenPromiseAndMakeItAgain() throws Exception
    {
        final Violation found = explore(new Forgetful(), 100).violations().get(0);

        assertThat(found.id()).isEqualTo(StateId.parse(found.id().toString()));
        assertThat(replay(new Forgetful(), found.id())).singleElement()
            .satisfies(again -> assertThat(again.toString()).isEqualTo(found.toString()));
        final StateId.Cut cut = found.id().cuts().get(0);
        // the last choice keeps all
        assertThat(replay(new Forgetful(),
            new StateId("forgetful", found.id().seed(), List.of(new StateId.Cut(cut.at(), 1))))).isEmpty();
    }

    @Test
    void shouldStopAfterSomeViolations() throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final Explorer explorer = new Explorer(new Forgetful(), scratch.directory()).violationsAtMost(2);

            explorer.explore(1, 10_000);

            assertThat(explorer.violations()).hasSize(2);
        }
    }

    /** It is rewritten by way of zeros, which only a cut within recovery can show. */
    private static Sketch rewriter()
    {
        return new Sketch("rewriter", (media, witness, random) ->
        {
            final BlockDevice device = media.device("disk", 2 * PAGE_BYTES);
            device.write(0, page('a'), 0, PAGE_BYTES);
            device.flush();
            witness.note("a");
            device.write(PAGE_BYTES, page((char)('b' + random.nextInt(20))), 0, PAGE_BYTES);
        }, (survived, witness) ->
        {
            final BlockDevice device = survived.device("disk", 2 * PAGE_BYTES);
            if (!witness.facts().isEmpty())
            {
                BrokenPromise.unless(Cuts.tell(device, 1).equals("a"), "found " + Cuts.tell(device, 1));
                device.zero(0, PAGE_BYTES);
                device.flush();
                device.write(0, page('a'), 0, PAGE_BYTES);
                device.flush();
            }
        });
    }

    @Test
    void shouldFindWhatOnlyACutInRecoveryShows() throws Exception
    {
        final Violation found = explore(rewriter(), 500).violations().get(0);

        assertThat(found.id().cuts()).hasSizeGreaterThan(1);
        assertThat(replay(rewriter(), found.id())).singleElement()
            .satisfies(again -> assertThat(again.toString()).isEqualTo(found.toString()));
    }

    @Test
    void shouldSayWhichRecoveryFailsAlreadyWhenALaterOneIsReplayed() throws Exception
    {
        final StateId first = explore(new Forgetful(), 100).violations().get(0).id();

        final List<Violation> again = replay(new Forgetful(), first.then(0, 0));

        assertThat(again).singleElement().satisfies(violation -> assertThat(violation.id()).isEqualTo(first));
    }

    @Test
    void shouldSayThatThereIsNoSuchCut()
    {
        assertThatThrownBy(() -> replay(new Forgetful(), StateId.parse("forgetful:1:999:0")))
            .hasMessageContaining("forgetful:1:999:0: there is no cut 999, the run has 10 events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "forgetful", "forgetful:1", "forgetful:1:", "forgetful:1:2", "forgetful:1:2:",
        "forgetful:x:2:3", "forgetful:1:2:3:4", "forgetful:1:2:3/", "forgetful:1:2:3/4", "forgetful:1:-2:3",
        "forgetful:1:2:-3", ":1:2:3", "forgetful:1:2:3//4:5", "forgetful:1:99999999999:3"})
    void shouldSayWhatAnIdLooksLike(final String text)
    {
        assertThatThrownBy(() -> StateId.parse(text)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("\"" + text + "\" is no state; expected component:seed:cut:choice");
    }

    @Test
    void shouldCloseWhatALifeLeftOpen() throws Exception
    {
        final int lives = 200;
        final int[] recoveries = {0};
        final Sketch careless = new Sketch("careless", (media, witness, random) ->
        {
            final Path path = media.directory().resolve("image");
            ImageFile.create(path, PAGE_BYTES, media.sync());
            final BlockDevice device =
                media.file(path, LinuxBlockDevice.open(path, OpenMode.readWrite().buffered()));
            device.write(0, ByteBuffer.allocateDirect(512).putInt(0, random.nextInt()), 0, 512);
            device.flush();
            witness.note("flushed");
        }, (survived, witness) ->
        {
            recoveries[0]++;
            final Path path = survived.directory().resolve("image");
            if (Files.exists(path) && !ImageFile.isUnfinished(path))
            {
                survived.file(path, LinuxBlockDevice.open(path, OpenMode.readWrite().buffered())).flush();
            }
        });
        explore(careless, 20);
        final long before = openDescriptors();

        explore(careless, lives);

        assertThat(recoveries[0]).isGreaterThan(lives);
        // the JVM opens a file or two of its own
        assertThat(openDescriptors() - before).isLessThan(lives / 4);
    }

    private static long openDescriptors() throws IOException
    {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd")))
        {
            return open.count();
        }
    }

    private static Explorer explore(final CrashComponent component, final long states) throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            return new Explorer(component, scratch.directory()).explore(1, states);
        }
    }

    private static List<Violation> replay(final CrashComponent component, final StateId id) throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            return new Explorer(component, scratch.directory()).replay(id).stream().toList();
        }
    }
}
