/** PTX text with its comments as white space. A comment that the end cuts off goes too. Linear in the text. */
export function stripPtxComments(text: string): string {
  return text.replace(/\u{feff}/gu, '').replace(/\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g, ' ');
}
