import { it } from 'vitest';
import { specFileProperties } from '../properties/files.js';
import { holds } from '../properties/property.js';

it.each(specFileProperties)('$name', async (each) => {
  await holds(each, 1, 60);
});
