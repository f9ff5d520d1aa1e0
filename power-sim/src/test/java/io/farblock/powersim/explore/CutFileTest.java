package io.farblock.powersim.explore;

import static io.farblock.powersim.explore.Cuts.PAGE_BYTES;
import static io.farblock.powersim.explore.Cuts.page;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a cut may leave of a file's content. */
class CutFileTest
{
    @Test
    void shouldHaveEachPageOldOrNew() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            try (FileChannel file = synced(media, "aa"))
            {
                witness.note("synced");
                file.write(page('b'), 0);
                file.write(page('c'), PAGE_BYTES);
            }
        }, CutFileTest::tell);

        assertThat(Cuts.whole(states)).containsExactly("<aa>", "<ac>", "<ba>", "<bc>");
        assertThat(states).contains("<[a, b]a>", "<b[a, c]>");
    }

    @Test
    void shouldHaveAnyContentThatAMappedPageWasSeenToHave() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            try (FileChannel file = synced(media, "a"))
            {
                final MappedByteBuffer map = file.map(FileChannel.MapMode.READ_WRITE, 0, PAGE_BYTES);
                map.put(0, page('b'), 0, PAGE_BYTES);
                media.look();
                map.put(0, page('c'), 0, PAGE_BYTES);
                witness.note("changed twice");
            }
        }, CutFileTest::tell);

        assertThat(Cuts.whole(states)).containsExactly("<a>", "<b>", "<c>");
        assertThat(states).contains("<[a, b, c]>");
    }

    @Test
    void shouldLookAtAMappedPageWhenAFactIsNoted() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            try (FileChannel file = synced(media, "a"))
            {
                final MappedByteBuffer map = file.map(FileChannel.MapMode.READ_WRITE, 0, PAGE_BYTES);
                map.put(0, page('b'), 0, PAGE_BYTES);
                witness.note("changed");
                map.put(0, page('c'), 0, PAGE_BYTES);
            }
        }, CutFileTest::tell);

        assertThat(Cuts.whole(states)).containsExactly("<a>", "<b>", "<c>");
    }

    @Test
    void shouldHaveNothingOlderThanTheSync() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            try (FileChannel file = synced(media, "aa"))
            {
                file.write(page('b'), 0);
                media.look();
                file.write(page('c'), 0);
                file.truncate(PAGE_BYTES);
                media.sync().fsync(file, path(media));
                witness.note("synced");
            }
        }, CutFileTest::tell);

        assertThat(states).containsExactly("<c>");
    }

    @Test
    void shouldHaveAnySizeThatItWasSeenToHave() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            try (FileChannel file = synced(media, "a"))
            {
                witness.note("synced");
                file.write(page('b'), PAGE_BYTES);
                media.look();
                file.write(page('c'), 2 * PAGE_BYTES);
            }
        }, CutFileTest::tell);

        assertThat(Cuts.whole(states)).containsExactlyInAnyOrder(
            "<a>", "<a->", "<a-->", "<a-c>", "<ab>", "<ab->", "<abc>");
    }

    @Test
    void shouldLoseTheContentThatWasNeverSyncedOfANameThatWas() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            try (FileChannel file = FileChannel.open(path(media), CREATE, READ, WRITE))
            {
                file.write(page('a'), 0);
                file.write(page('b'), PAGE_BYTES);
                media.sync().fsyncDirectory(media.directory());
                witness.note("the name is durable");
            }
        }, CutFileTest::tell);

        assertThat(Cuts.whole(states)).containsExactlyInAnyOrder("<-->", "<-b>", "<>", "<a->", "<ab>");
    }

    @Test
    void shouldKeepTheContentOfAFileWhoseNameIsLost() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            try (FileChannel file = FileChannel.open(path(media), CREATE, READ, WRITE))
            {
                file.write(page('a'), 0);
                media.sync().fsync(file, path(media));
                witness.note("the content is durable");
            }
        }, CutFileTest::tell);

        assertThat(states).containsExactly("", "<a>");
    }

    private static FileChannel synced(final Media media, final String pages) throws IOException
    {
        final FileChannel file = FileChannel.open(path(media), CREATE, READ, WRITE);
        for (int i = 0; i < pages.length(); i++)
        {
            file.write(page(pages.charAt(i)), (long)i * PAGE_BYTES);
        }
        media.sync().fsync(file, path(media));
        media.sync().fsyncDirectory(media.directory());
        return file;
    }

    private static Path path(final Media media)
    {
        return media.directory().resolve("file");
    }

    private static String tell(final Media media) throws IOException
    {
        return Cuts.tell(path(media));
    }
}
