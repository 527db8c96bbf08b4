export { logLevels, type LogLevel } from './log.js';
export { serve, type ServeOptions } from './serve.js';
