package io.farblock.powersim.explore;

import static io.farblock.powersim.explore.Cuts.PAGE_BYTES;
import static io.farblock.powersim.explore.Cuts.page;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a cut may leave of the names in a directory. */
class CutNamesTest
{
    @Test
    void shouldHaveEachNewNameOrNot() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            witness.note("begun");
            create(media, "x", 'a');
            create(media, "y", 'b');
        }, CutNamesTest::tell);

        // the last is the later name without the earlier one
        assertThat(complete(states)).containsExactly("", "x<a>", "x<a> y<b>", "y<b>");
    }

    @Test
    void shouldHaveWhatIsRenamedUnderOneNameOrTheOther() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            create(media, "x", 'a');
            create(media, "x.new", 'b');
            sync(media);
            witness.note("both are there");
            rename(media);
        }, CutNamesTest::tell);

        assertThat(states).containsExactly("x<a> x.new<b>", "x<b>");
    }

    @Test
    void shouldHaveNamesThatFollowEachOtherInTheirOrder() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            create(media, "x", 'a');
            sync(media);
            witness.note("the first is there");
            create(media, "x.new", 'b');
            rename(media);
        }, CutNamesTest::tell);

        assertThat(complete(states)).containsExactly("x<a>", "x<a> x.new<b>", "x<b>");
    }

    @Test
    void shouldHaveWhatIsDeletedUntilTheSync() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            create(media, "x", 'a');
            sync(media);
            witness.note("it is there");
            Files.delete(media.directory().resolve("x"));
        }, CutNamesTest::tell);

        assertThat(states).containsExactly("", "x<a>");
    }

    @Test
    void shouldHaveOnlyNewNamesAfterTheSync() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            create(media, "gone", 'c');
            create(media, "x", 'a');
            sync(media);
            create(media, "x.new", 'b');
            rename(media);
            Files.delete(media.directory().resolve("gone"));
            sync(media);
            witness.note("synced");
        }, CutNamesTest::tell);

        assertThat(states).containsExactly("x<b>");
    }

    @Test
    void shouldNotFindWhatIsBelowADirectoryWithoutAName() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            final Path below = Files.createDirectory(media.directory().resolve("below"));
            Files.createFile(below.resolve("x"));
            media.sync().fsyncDirectory(below);
            witness.note("the names in it are durable, its own is not");
        }, media -> Files.exists(media.directory().resolve("below")) ?
            "below " + Files.exists(media.directory().resolve("below").resolve("x")) : "");

        assertThat(states).containsExactly("", "below true");
    }

    /** Those that were not cut while a file was being written: its name may be there sooner than its content. */
    private static Set<String> complete(final Set<String> states)
    {
        final Set<String> complete = new TreeSet<>(states);
        complete.removeIf(state -> state.contains("<>") || state.contains("-"));
        return complete;
    }

    private static void create(final Media media, final String name, final char letter) throws IOException
    {
        final Path path = media.directory().resolve(name);
        try (FileChannel file = FileChannel.open(path, CREATE, READ, WRITE))
        {
            file.write(page(letter), 0);
            media.sync().fsync(file, path);
            assertThat(file.size()).isEqualTo(PAGE_BYTES);
        }
    }

    private static void rename(final Media media) throws IOException
    {
        Files.move(media.directory().resolve("x.new"), media.directory().resolve("x"),
            StandardCopyOption.ATOMIC_MOVE);
    }

    private static void sync(final Media media)
    {
        media.sync().fsyncDirectory(media.directory());
    }

    private static String tell(final Media media) throws IOException
    {
        try (Stream<Path> names = Files.list(media.directory()))
        {
            final StringBuilder text = new StringBuilder();
            for (final Path name : names.sorted().collect(Collectors.toList()))
            {
                text.append(text.isEmpty() ? "" : " ").append(name.getFileName()).append(Cuts.tell(name));
            }
            return text.toString();
        }
    }
}
