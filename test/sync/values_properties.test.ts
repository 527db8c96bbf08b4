import { it } from 'vitest';
import { holds } from '../properties/property.js';
import { valueProperties } from '../properties/values.js';

it.each(valueProperties)('$name', async (each) => {
  await holds(each, 1, 200);
});
