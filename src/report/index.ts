export { jsonReport } from './json.js';
export { drawTable } from './table.js';
export { textReport, type TextOptions } from './text.js';
