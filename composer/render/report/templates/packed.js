"use strict";
/* What the page holds packed, as bytes and as text: base64, and gzip within it. */
const held = {
  bytes: text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0)),
  async text(id) {
    const packed = document.getElementById(id);
    if (!packed) return null;
    const stream = new Blob([held.bytes(packed.textContent)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  },
  /* A file that the page holds, or makes, goes where a browser puts downloads. */
  save(name, content, type) {
    const link = document.createElement("a");
    link.download = name;
    link.href = typeof content === "string" && content.startsWith("data:") ? content : URL.createObjectURL(new Blob([content], { type }));
    link.click();
    if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
  },
};
