import { it } from 'vitest';
import { holds } from '../properties/property.js';
import { reportProperties } from '../properties/reports.js';

it.each(reportProperties)('$name', async (each) => {
  await holds(each, 1, 200);
});
