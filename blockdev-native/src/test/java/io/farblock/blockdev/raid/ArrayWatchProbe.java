package io.farblock.blockdev.raid;

import java.nio.file.Path;

/**
 * Prints each change of an array that the kernel announces, until a file named as the second argument appears; for
 * src/test/md/watch.sh, where real arrays change. Between changes it sleeps in the kernel: "wakes" counts how often it
 * got up, "idle" how often it did because a minute had passed. One thread.
 */
final class ArrayWatchProbe
{
    private ArrayWatchProbe()
    {
    }

    public static void main(final String[] arguments)
    {
        final Path end = Path.of(arguments[1]);
        int wakes = 0;
        int idle = 0;
        String shown = "";
        try (ArrayWatch watch = new ArrayWatch(arguments[0]))
        {
            while (!end.toFile().exists())
            {
                final MdArray array = watch.read();
                final String text = array.state() + " | " + array.reason();
                if (!text.equals(shown))
                {
                    shown = text;
                    System.out.println(text + " | " + array.uuid());
                }
                if (watch.await(60_000) == 0)
                {
                    idle++;
                }
                wakes++;
            }
        }
        System.out.println("wakes " + wakes + " idle " + idle);
    }
}
