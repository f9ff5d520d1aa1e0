package io.farblock.daemon.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * The JSON of the control socket and of {@code --json}: record components are the field names. Stateless; any thread.
 */
public final class ControlJson
{
    /** Unknown fields are skipped, so that a command of one version can talk to a daemon of the next. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();

    private ControlJson()
    {
    }

    /** One line, without its end. */
    public static String line(final Object value)
    {
        try
        {
            return MAPPER.writeValueAsString(value);
        }
        catch (final JsonProcessingException unexpected)
        {
            throw new IllegalStateException(unexpected);
        }
    }

    /** @throws IllegalArgumentException when it is not that. */
    static <T> T parse(final byte[] line, final Class<T> type)
    {
        try
        {
            final T value = MAPPER.readValue(line, type);
            if (value == null)
            {
                throw new IllegalArgumentException("null");
            }
            return value;
        }
        catch (final java.io.IOException malformed)
        {
            throw new IllegalArgumentException(malformed.getClass().getSimpleName(), malformed);
        }
    }
}
