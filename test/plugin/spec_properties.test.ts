import { it } from 'vitest';
import { holds } from '../properties/property.js';
import { specProperties } from '../properties/specs.js';

it.each(specProperties)('$name', async (each) => {
  await holds(each, 1, 500);
});
