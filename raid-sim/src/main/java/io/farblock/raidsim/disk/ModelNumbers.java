package io.farblock.raidsim.disk;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The components of a record of {@code long}s by their names, so that no model has to list its numbers twice. */
final class ModelNumbers
{
    private ModelNumbers()
    {
    }

    static Map<String, Long> of(final Record model)
    {
        final Map<String, Long> numbers = new LinkedHashMap<>();
        for (final RecordComponent component : model.getClass().getRecordComponents())
        {
            try
            {
                numbers.put(component.getName(), (Long)component.getAccessor().invoke(model));
            }
            catch (final ReflectiveOperationException never)
            {
                throw new IllegalStateException("a model's numbers cannot be read", never);
            }
        }
        return numbers;
    }

    /** @throws IllegalArgumentException what the record's constructor says against the numbers. */
    static Record make(final Class<? extends Record> kind, final Map<String, Long> numbers)
    {
        final Class<?>[] types = new Class<?>[numbers.size()];
        Arrays.fill(types, long.class);
        try
        {
            return kind.getDeclaredConstructor(types).newInstance(numbers.values().toArray());
        }
        catch (final InvocationTargetException refused)
        {
            throw new IllegalArgumentException(refused.getCause().getMessage(), refused.getCause());
        }
        catch (final ReflectiveOperationException never)
        {
            throw new IllegalStateException("a model cannot be made of its numbers", never);
        }
    }

    /** @throws IllegalArgumentException for a number that is out of its range. */
    static void require(final String name, final long value, final long least, final long most)
    {
        if (value < least || value > most)
        {
            throw new IllegalArgumentException(name + "=" + value + ", expected " + least + " to " + most);
        }
    }
}
