package io.farblock.powersim.explore;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What becomes of everything that is not durable, by the number of a choice. Where there are few possibilities, the
 * first numbers are all of them; whatever follows is drawn by lot, the number being the seed. Stateless.
 */
final class Fate
{
    private static final int WAYS = 8;

    private Fate()
    {
    }

    /** How many possibilities there are if nothing is torn; {@code limit + 1} when more than that. */
    static long possibilities(final List<Lot> lots, final long limit)
    {
        long product = 1;
        for (final Lot lot : lots)
        {
            product *= lot.options();
            if (product > limit)
            {
                return limit + 1;
            }
        }
        return product;
    }

    /** Makes choice number {@code choice} come true. */
    static void apply(final Image image, final List<Lot> lots, final long choice, final long exhaustiveUpTo,
        final long seed)
    {
        final long possibilities = possibilities(lots, exhaustiveUpTo);
        if (possibilities <= exhaustiveUpTo && choice < possibilities)
        {
            long rest = choice;
            for (final Lot lot : lots)
            {
                lot.apply(image, (int)(rest % lot.options()));
                rest /= lot.options();
            }
            return;
        }
        draw(image, lots, choice, new SplittableRandom(Page.mixed(seed, choice)));
    }

    private static void draw(final Image image, final List<Lot> lots, final long choice, final SplittableRandom random)
    {
        final int way = (int)(choice % WAYS);
        final int one = lots.isEmpty() ? 0 : random.nextInt(lots.size());
        final double kept = random.nextDouble();
        for (int i = 0; i < lots.size(); i++)
        {
            final Lot lot = lots.get(i);
            final int last = lot.options() - 1;
            switch (way)
            {
                // everything but one thing, nothing but one thing, all up to one thing, and that torn
                case 0 -> lot.apply(image, i == one ? random.nextInt(lot.options()) : last);
                case 1 -> lot.apply(image, i == one ? last : 0);
                case 2 -> settle(image, lot, i < one ? last : 0, i == one, random);
                case 3 -> settle(image, lot, last, i == one, random);
                // each by its own lot, more or less of it kept, or torn
                case 4 -> lot.apply(image, random.nextDouble() < kept ? last : random.nextInt(lot.options()));
                case 5 -> settle(image, lot, random.nextInt(lot.options()), random.nextInt(3) == 0, random);
                case 6 -> lot.apply(image, random.nextDouble() < kept ? last : 0);
                default -> lot.apply(image, random.nextInt(lot.options()));
            }
        }
    }

    private static void settle(final Image image, final Lot lot, final int option, final boolean tears,
        final SplittableRandom random)
    {
        if (tears)
        {
            lot.tear(image, random);
        }
        else
        {
            lot.apply(image, option);
        }
    }
}
