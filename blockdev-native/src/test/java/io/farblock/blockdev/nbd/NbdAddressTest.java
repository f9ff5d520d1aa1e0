package io.farblock.blockdev.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and what others call them. */
class NbdAddressTest
{
    @ParameterizedTest
    @CsvSource({
        "unix:/run/a b.sock, unix:/run/a b.sock, nbd+unix:///disk%201?socket=/run/a%20b.sock",
        "127.0.0.1:7, 127.0.0.1:7, nbd://127.0.0.1:7/disk%201",
        "127.0.0.1, 127.0.0.1:10809, nbd://127.0.0.1:10809/disk%201",
        "[::1]:9, [::1]:9, nbd://[::1]:9/disk%201"})
    void shouldReadAnAddressAndSayItAsOthersDo(final String text, final String itself, final String uri)
    {
        final NbdAddress address = NbdAddress.parse(text);

        assertThat(address.uri("disk 1")).isEqualTo(uri.replace("[::1]", address.path() == null &&
            text.startsWith("[") ? "[" + address.tcp().getHostString() + "]" : "[::1]"));
        assertThat(address.toString()).endsWith(itself.substring(itself.lastIndexOf(':')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unix:", "host:65536", "host:", "::1", "a/b", "[::1"})
    void shouldRefuseWhatIsNoAddress(final String text)
    {
        assertThatThrownBy(() -> NbdAddress.parse(text)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("'" + text + "'").hasMessageContaining("expected unix:PATH or HOST:PORT");
    }

    @Test
    void shouldMakeARelativeSocketAbsolute()
    {
        final NbdAddress address = NbdAddress.parse("unix:socket");

        assertThat(address.path()).isEqualTo(Path.of("socket").toAbsolutePath());
    }
}
