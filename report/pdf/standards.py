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
from pikepdf import Object, Pdf

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


def finish(written: bytes) -> bytes:
    """Return the PDF with artifacts and header scopes, its identifier made from its content."""
    with pikepdf.open(io.BytesIO(written)) as pdf:
        elements = list(structure_elements(pdf))
        for element in elements:
            if element.get("/S") == "/TH":
                _set_scope(element)
        _mark_artifacts(pdf, {element.objgen for element in elements})
        output = io.BytesIO()
        pdf.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return output.getvalue()


def structure_elements(pdf: Pdf) -> Iterator[Object]:
    """Yield the structure elements that hang off the tree, in reading order."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, pikepdf.Array):
            waiting.extend(reversed(list(kid)))
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            if "/K" in kid:
                waiting.append(kid.K)


def _set_scope(header: Object) -> None:
    """Say of a table header whether it heads its column or its row."""
    group = header.P.P.get("/S")
    header.A.Scope = pikepdf.Name.Column if group == "/THead" else pikepdf.Name.Row


def _mark_artifacts(pdf: Pdf, in_tree: set[tuple[int, int]]) -> None:
    """Turn marked content that belongs to no element of the tree into artifacts."""
    begins = pikepdf.Operator("BDC")
    artifact = pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
    parents = pdf.Root.StructTreeRoot.ParentTree.Nums
    by_page = {int(parents[place]): parents[place + 1] for place in range(0, len(parents), 2)}
    for page in pdf.pages:
        owners = by_page[int(page.obj.StructParents)]
        outside = {place for place, owner in enumerate(owners) if owner.objgen not in in_tree}
        if not outside:
            continue
        instructions: list[Any] = []
        for instruction in pikepdf.parse_content_stream(page):
            operands = instruction.operands
            marked = instruction.operator == begins and isinstance(operands[1], pikepdf.Dictionary)
            if marked and int(operands[1].get("/MCID", -1)) in outside:
                instructions.append(artifact)
            else:
                instructions.append(instruction)
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
        for place in outside:
            owners[place] = None
