package io.farblock.replication.fuzz;

import io.farblock.replication.wire.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The messages as the schema beside the codecs has them, so that what is made up here follows it by itself: widths of
 * fixed fields and of entries of groups, and widths of the lengths of variable ones. Immutable once read.
 */
public final class WireSchema
{
    private static final Map<String, Integer> PRIMITIVE_BYTES = Map.of("uint8", 1, "int8", 1, "uint16", 2, "int16", 2,
        "uint32", 4, "int32", 4, "uint64", 8, "int64", 8, "char", 1);

    /** Read once, of the schema that the codecs are made from. */
    public static final WireSchema CURRENT = read();

    private final Map<String, Integer> typeBytes = new HashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private int id;
    private int version;

    /** A message: its fixed fields in order, then its variable ones. */
    public record Message(String name, int template, int fixedBytes, List<Field> fields)
    {
    }

    /** A field; {@code bytes} is its width, or the width of its length where it is variable, or that of one entry. */
    public record Field(String name, int bytes, Kind kind)
    {
    }

    /** What a field is made of. */
    public enum Kind
    {
        FIXED, DATA, GROUP
    }

    private WireSchema()
    {
    }

    public int id()
    {
        return id;
    }

    public int version()
    {
        return version;
    }

    public List<Message> messages()
    {
        return messages;
    }

    private static WireSchema read()
    {
        try (InputStream file = Frame.class.getResourceAsStream("farblock-wire.xml"))
        {
            final Element root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file)
                .getDocumentElement();
            final WireSchema schema = new WireSchema();
            schema.id = Integer.parseInt(root.getAttribute("id"));
            schema.version = Integer.parseInt(root.getAttribute("version"));
            for (final Element part : children(root))
            {
                if (part.getTagName().equals("types"))
                {
                    children(part).forEach(schema::type);
                }
                else
                {
                    schema.message(part);
                }
            }
            return schema;
        }
        catch (final IOException | SAXException | ParserConfigurationException ex)
        {
            throw new IllegalStateException("cannot read the wire schema", ex);
        }
    }

    /** A plain type or an enumeration; of a composite for variable data, the width of its length. */
    private void type(final Element type)
    {
        final String primitive = type.getAttribute(type.getTagName().equals("enum") ? "encodingType" : "primitiveType");
        final int bytes = type.getTagName().equals("composite")
            ? PRIMITIVE_BYTES.get(children(type).get(0).getAttribute("primitiveType"))
            : PRIMITIVE_BYTES.get(primitive);
        final int count = type.getAttribute("length").isEmpty() ? 1 : Integer.parseInt(type.getAttribute("length"));
        typeBytes.put(type.getAttribute("name"), bytes * count);
    }

    private void message(final Element message)
    {
        final List<Field> fields = new ArrayList<>();
        int fixedBytes = 0;
        for (final Element part : children(message))
        {
            final Kind kind = switch (part.getTagName())
            {
                case "data" -> Kind.DATA;
                case "group" -> Kind.GROUP;
                default -> Kind.FIXED;
            };
            final int bytes = kind == Kind.GROUP ? children(part).stream().mapToInt(this::bytes).sum() : bytes(part);
            fields.add(new Field(part.getAttribute("name"), bytes, kind));
            fixedBytes += kind == Kind.FIXED ? bytes : 0;
        }
        messages.add(new Message(message.getAttribute("name"), Integer.parseInt(message.getAttribute("id")),
            fixedBytes, List.copyOf(fields)));
    }

    private int bytes(final Element field)
    {
        final String type = field.getAttribute("type");
        return typeBytes.containsKey(type) ? typeBytes.get(type) : PRIMITIVE_BYTES.get(type);
    }

    private static List<Element> children(final Element parent)
    {
        final List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling())
        {
            if (node instanceof Element element)
            {
                elements.add(element);
            }
        }
        return elements;
    }
}
