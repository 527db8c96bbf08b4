import { editDistance } from '../text/index.js';
import { services } from './services.js';

/** What "did you mean" offers for a service id nobody knows, best first; a principal or a part of the name works too. Empty if nothing is near. */
export function nearestServices(name: string, limit = 3): readonly string[] {
  const asked = name.trim().toLowerCase();
  const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const isCalled = services.filter(
    ({ id, servicePrincipals }) =>
      letters(id) === letters(asked) ||
      servicePrincipals.some((principal) => principal === asked || principal.split('.')[0] === asked),
  );
  const isNamed = services.filter((service) => asked.length >= 3 && service.name.toLowerCase().includes(asked));
  const slips = Math.min(3, Math.floor(asked.length / 2));
  const isNear = services
    .map(({ id }) => ({ id, distance: editDistance(asked, id) }))
    .filter(({ distance }) => distance <= slips)
    .sort((left, right) => left.distance - right.distance || left.id.localeCompare(right.id));
  const found = [isCalled, isNear, isNamed].find((each) => each.length > 0) ?? [];
  return found.slice(0, limit).map(({ id }) => id);
}
