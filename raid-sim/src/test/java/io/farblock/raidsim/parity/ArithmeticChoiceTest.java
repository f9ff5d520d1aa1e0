package io.farblock.raidsim.parity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vectors are used where the JVM was started with them, as it is for the tests of this module. */
class ArithmeticChoiceTest
{
    @Test
    void shouldTakeVectorsExactlyWhereTheirModuleIsResolved()
    {
        final boolean isResolved = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

        assertThat(ArithmeticChoice.AVAILABLE.get(0).name()).isEqualTo("long");
        assertThat(new ParityCode(4, 2).name()).startsWith(isResolved ? "vector" : "long");
    }
}
