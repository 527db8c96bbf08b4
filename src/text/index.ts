export { editDistance } from './edit_distance.js';
export { oneLine, visible } from './printable.js';
export { suggestion } from './suggestion.js';
export { textOfUtf8 } from './utf8.js';
export { isTooDeep } from './yaml_depth.js';
