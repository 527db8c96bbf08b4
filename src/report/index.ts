export { jsonReport } from './json.js';
export { drawTable, wrap } from './table.js';
export { textReport, type TextOptions } from './text.js';
