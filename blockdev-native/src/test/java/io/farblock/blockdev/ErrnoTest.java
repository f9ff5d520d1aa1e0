package io.farblock.blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/** Names of error numbers. */
class ErrnoTest
{
    @Test
    void shouldDescribeEitherSign()
    {
        final String negative = Errno.describe(-28);

        final String positive = Errno.describe(28);

        assertThat(negative).isEqualTo("ENOSPC (no space left on device)").isEqualTo(positive);
    }

    @Test
    void shouldDescribeWhatItDoesNotKnowByNumber()
    {
        final int unknown = 4000;

        final String text = Errno.describe(-unknown);

        assertThat(text).isEqualTo("errno 4000");
    }

    @Test
    void shouldNameEveryConstant() throws IllegalAccessException
    {
        final Field[] constants = Errno.class.getFields();

        for (final Field constant : constants)
        {
            assertThat(Errno.describe(constant.getInt(null))).startsWith(constant.getName() + " (");
        }

        assertThat(constants).hasSizeGreaterThan(20);
    }
}
