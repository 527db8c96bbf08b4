/** Names the file in what the plugin says of its spec: it is told what stands in there, and not where. */
export function inSpecFile(text: string, path: string | undefined): string {
  if (path === undefined) return text;
  // Lines about the approvals and waivers begin with their own file.
  return text.replace(/^(?=(spec|tables|skip_tables)\b)/gm, `${path.replaceAll('$', '$$$$')}: `);
}
