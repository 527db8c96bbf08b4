export { jsonReport } from './json.js';
export { textReport, type TextOptions } from './text.js';
