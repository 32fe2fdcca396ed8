package dev.culvert.ice.portmap;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads small XML documents of strangers: no document type, no entities of their own, nothing external, and bounds on
 * size, depth, number of elements and length of texts.
 */
final class BoundedXml {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ELEMENTS = 4096;
    private static final int MAX_TEXT = 1024;

    private final XMLStreamReader reader;
    private final Deque<Open> open = new ArrayDeque<>();
    private final List<Leaf> leaves = new ArrayList<>();
    private int elements;

    /**
     * An element that holds text alone, without its namespace.
     *
     * @param parent the number of the element around it, in the order of the document
     * @param parentName the name of that element; empty around the outermost
     */
    record Leaf(int parent, String parentName, String name, String text) {}

    private static final class Open {
        private final int number;
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private boolean hasChildren;

        Open(int number, String name) {
            this.number = number;
            this.name = name;
        }
    }

    private BoundedXml(XMLStreamReader reader) {
        this.reader = reader;
    }

    /** All leaves in the order of the document; empty where it is not well-formed or goes beyond the bounds. */
    static Optional<List<Leaf>> leaves(byte[] document) {
        if (document.length > GatewayHttpRequest.MAX_ANSWER_BYTES) {
            return Optional.empty();
        }
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(document));
            return Optional.of(new BoundedXml(reader).read());
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    private static XMLInputFactory factory() {
        // Not newInstance: it looks for other parsers by system property and on the class path.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing external is read");
        });
        return factory;
    }

    private List<Leaf> read() throws XMLStreamException {
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> begin(reader.getLocalName());
                case XMLStreamConstants.END_ELEMENT -> end();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text();
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new XMLStreamException("a document type or an entity");
                default -> {}
            }
        }
        return leaves;
    }

    private void begin(String name) throws XMLStreamException {
        elements++;
        if (elements > MAX_ELEMENTS || open.size() >= MAX_DEPTH) {
            throw new XMLStreamException("too many elements, or too deep");
        }
        if (!open.isEmpty()) {
            open.element().hasChildren = true;
        }
        open.push(new Open(elements, name));
    }

    private void text() throws XMLStreamException {
        if (open.isEmpty()) {
            return;
        }
        StringBuilder text = open.element().text;
        if (text.length() + reader.getTextLength() > MAX_TEXT) {
            // Blank lines between elements may be long; texts that are wanted never are.
            if (reader.isWhiteSpace()) {
                return;
            }
            throw new XMLStreamException("a text that is too long");
        }
        text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
    }

    private void end() {
        Open ended = open.pop();
        if (!ended.hasChildren) {
            Open parent = open.peek();
            leaves.add(new Leaf(
                    parent == null ? 0 : parent.number,
                    parent == null ? "" : parent.name,
                    ended.name,
                    ended.text.toString().strip()));
        }
    }
}
