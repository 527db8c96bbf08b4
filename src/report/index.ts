export { csvReport } from './csv.js';
export { jsonReport } from './json.js';
export { junitReport } from './junit.js';
export { markdownReport, type MarkdownOptions } from './markdown.js';
export { drawTable, wrap } from './table.js';
export { textReport, type TextOptions } from './text.js';
export { htmlReport, pageData, type PageBundle, type PageInput } from './page.js';
