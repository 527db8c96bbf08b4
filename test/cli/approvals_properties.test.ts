import { it } from 'vitest';
import { approvalsProperties } from '../properties/files.js';
import { patternProperties } from '../properties/patterns.js';
import { holds } from '../properties/property.js';

it.each([...approvalsProperties, ...patternProperties])('$name', async (each) => {
  await holds(each, 1, 60);
});
