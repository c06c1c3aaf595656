"""What PDF/UA-1 and PDF/A-3a ask together and WeasyPrint does not write by itself.

WeasyPrint writes PDF/A-3a. Added here: the PDF/UA declaration in the metadata (with the extension
schema that PDF/A wants for it), running headers and footers as artifacts (they stand in structure
elements that hang off no tree), and the scope of table headers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pikepdf
import pydyf

if TYPE_CHECKING:
    from weasyprint import Document

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# ISO 14289-1, clause 5, with the schema description of ISO 19005-3, clause 6.6.2.3.3.
UA_DECLARATION = f"""
<rdf:RDF xmlns:rdf="{RDF}"
         xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
         xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
         xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
         xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <rdf:Description rdf:about="">
    <pdfuaid:part>1</pdfuaid:part>
  </rdf:Description>
  <rdf:Description rdf:about="">
    <pdfaExtension:schemas>
      <rdf:Bag>
        <rdf:li rdf:parseType="Resource">
          <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
          <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
          <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
          <pdfaSchema:property>
            <rdf:Seq>
              <rdf:li rdf:parseType="Resource">
                <pdfaProperty:name>part</pdfaProperty:name>
                <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
                <pdfaProperty:category>internal</pdfaProperty:category>
                <pdfaProperty:description>Part of PDF/UA</pdfaProperty:description>
              </rdf:li>
            </rdf:Seq>
          </pdfaSchema:property>
        </rdf:li>
      </rdf:Bag>
    </pdfaExtension:schemas>
  </rdf:Description>
</rdf:RDF>
"""


def declare_standards(document: Document, as_of: datetime) -> None:
    """Add the PDF/UA declaration and the dates to the document's metadata."""
    metadata = document.metadata
    metadata.created = metadata.modified = as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    generate = metadata.generate_rdf_metadata

    def generate_with_declaration(*arguments: Any) -> bytes:
        rdf = ElementTree.fromstring(generate(*arguments))  # noqa: S314  written by WeasyPrint
        rdf.extend(ElementTree.fromstring(UA_DECLARATION))  # noqa: S314  written above
        written: bytes = ElementTree.tostring(rdf, encoding="utf-8")
        return written

    metadata.generate_rdf_metadata = generate_with_declaration


def mark(_: Document, pdf: pydyf.PDF) -> None:
    """Set the scope of header cells, and make artifacts of what hangs off no tree.

    Called by WeasyPrint when it has drawn everything and written nothing yet.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    in_tree = set(_numbers_in_tree(pdf, root))
    for number in in_tree:
        if pdf.objects[number]["S"] == "/TH":
            _set_scope(pdf, pdf.objects[number])
    parents = _object(pdf, root["ParentTree"])["Nums"]
    # The first entries are those of the pages, in their order; the rest are links.
    for page, owners in zip(pdf.pages["Kids"][::3], parents[1::2], strict=False):
        _mark_artifacts(_object(pdf, pdf.objects[page]["Contents"]), owners, in_tree)


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    """Return the object that a reference such as "12 0 R" names."""
    return pdf.objects[_number(reference)]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _numbers_in_tree(pdf: pydyf.PDF, root: pydyf.Dictionary) -> Iterator[int]:
    """Yield the numbers of the structure elements that hang off the tree."""
    waiting = list(root["K"])
    while waiting:
        kid = waiting.pop()
        # A whole number is marked content of the page.
        if isinstance(kid, bytes) and "S" in _object(pdf, kid):
            yield _number(kid)
            waiting.extend(_object(pdf, kid)["K"])


def _set_scope(pdf: pydyf.PDF, header: pydyf.Dictionary) -> None:
    """Say of a table header whether it heads its column or its row."""
    group = _object(pdf, _object(pdf, header["P"])["P"])["S"]
    header["A"]["Scope"] = "/Column" if group == "/THead" else "/Row"


def _mark_artifacts(drawn: pydyf.Stream, owners: pydyf.Array, in_tree: set[int]) -> None:
    """Turn a page's marked content that belongs to no element of the tree into artifacts.

    A piece begins with three entries of the page's stream: its tag, its place among the owners,
    and the operator; an artifact's begin is the tag and another operator.
    """
    outside = {place for place, owner in enumerate(owners) if _number(owner) not in in_tree}
    for begin, entry in enumerate(drawn.stream):
        if isinstance(entry, pydyf.Dictionary) and entry.get("MCID") in outside:
            drawn.stream[begin - 1 : begin + 2] = [b"", b"/Artifact", b"BMC"]
    for place in outside:
        owners[place] = "null"


def compress(written: bytes) -> bytes:
    """Return the PDF packed, its identifier made from its content."""
    with pikepdf.open(io.BytesIO(written)) as pdf:
        output = io.BytesIO()
        pdf.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return output.getvalue()
