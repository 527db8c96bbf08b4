export { csvReport } from './csv.js';
export { csvDrift, jsonDrift } from './drift_data.js';
export { markdownDrift } from './drift_markdown.js';
export { textDrift } from './drift_text.js';
export { jsonReport } from './json.js';
export { junitReport } from './junit.js';
export { markdownReport, type MarkdownOptions } from './markdown.js';
export { drawTable, wrap } from './table.js';
export { textReport, type TextOptions } from './text.js';
