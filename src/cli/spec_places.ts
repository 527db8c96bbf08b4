import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { SpecPlace } from '../report/index.js';
import type { Organization, RuleResult } from '../rules/index.js';
import type { SpecFile } from '../runner/index.js';
import { matchesWildcard } from '../schema/index.js';

type PlaceOf = (result: RuleResult) => SpecPlace | undefined;

/**
 * Where the cause of a verdict stands in the spec or in a file of it: the waiver of what is waived, the approval whose review is
 * due, the expectation that somebody else holds, the key that is missing. A file outside of the working directory has no place:
 * its path would tell of the machine, and mean nothing to another one. The spec was read before, so that it is known to be right.
 */
export function specPlaces(
  { path, source }: SpecFile,
  organizations: readonly Organization[],
  cwd: string = process.cwd(),
): PlaceOf {
  const spec = readYaml(path, cwd);
  const block = spec?.documents.find((document) => isBlockOf(document, source.name));
  if (!spec || !block) return () => undefined;
  const lists = (key: 'approvals' | 'waivers'): List => {
    const named = source.pluginSpec?.[key];
    const own = placeAt(spec, block, ['spec', 'spec', key]);
    if (typeof named !== 'string') return { at: own, entries: entriesOf(spec, block, ['spec', 'spec', key], key) };
    const file = readYaml(named, cwd);
    const document = file?.documents[0];
    if (!file || !document) return { at: own, entries: [] };
    return { at: own, entries: entriesOf(file, document, [], key) };
  };
  const approvals = lists('approvals');
  const waivers = lists('waivers');
  // The database may have other sources, whose spec is another one.
  const own = new Set(
    organizations.filter(({ sourceName }) => sourceName === source.name).map((each) => each.organizationId),
  );
  const placeOfKey = (...keys: string[]): SpecPlace | undefined => placeAt(spec, block, ['spec', 'spec', ...keys]);
  return (result) => {
    const { rule, status, resourceId, reason, unknownCause, organizationId } = result;
    if (!own.has(organizationId)) return undefined;
    if (status === 'waived') return waivers.entries.find((entry) => isWaiverOf(entry, result))?.place ?? waivers.at;
    if (status === 'fail' && judgesApprovals.includes(rule.id))
      return approvals.entries.find((entry) => isApprovalOf(entry, result))?.place ?? approvals.at;
    if (
      rule.reads.includes('aws_delegation_expectations') &&
      (status === 'fail' || unknownCause === 'not_configured')
    ) {
      const expected = placeOfKey('expectations', resourceId);
      if (expected) return expected;
    }
    if (unknownCause !== 'not_configured') return undefined;
    // The reason has the line to add between backticks.
    const [, key] =
      /`(approvals|expectations|owners|workload_ous|allowed_regions|separation_of_duties)\b/.exec(reason) ?? [];
    if (key === undefined) return undefined;
    return placeOfKey(key) ?? placeAt(spec, block, ['spec', 'spec']) ?? placeAt(spec, block, ['spec']);
  };
}

const judgesApprovals: readonly string[] = ['delegations_approved', 'delegation_reviewed'];

interface Yaml {
  readonly uri: string;
  readonly documents: readonly Document.Parsed[];
  readonly counter: LineCounter;
}

interface List {
  readonly at: SpecPlace | undefined;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly place: SpecPlace;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Undefined for what cannot be read any more, or lies elsewhere. */
function readYaml(path: string, cwd: string): Yaml | undefined {
  const within = relative(cwd, resolve(cwd, path));
  if (within === '' || isAbsolute(within) || within.split(sep)[0] === '..') return undefined;
  try {
    const counter = new LineCounter();
    const documents = parseAllDocuments(readFileSync(resolve(cwd, path), 'utf8'), {
      lineCounter: counter,
      prettyErrors: false,
      logLevel: 'silent',
    });
    if (!Array.isArray(documents)) return undefined;
    return { uri: within.split(sep).map(encodeURIComponent).join('/'), documents: [...documents], counter };
  } catch {
    return undefined;
  }
}

function isBlockOf(document: Document.Parsed, name: string): boolean {
  if (document.getIn(['kind']) !== 'source') return false;
  const written = document.getIn(['spec', 'name']);
  // A name from the environment is not written here.
  return written === name || (typeof written === 'string' && written.includes('${'));
}

function placeAt(yaml: Yaml, document: Document.Parsed, path: readonly string[]): SpecPlace | undefined {
  const above = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(above)) return undefined;
  const pair = above.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return pair && isNode(pair.key) ? placeOfNode(yaml, pair.key) : undefined;
}

function placeOfNode({ uri, counter }: Yaml, node: Node): SpecPlace | undefined {
  return node.range ? { uri, line: counter.linePos(node.range[0]).line } : undefined;
}

/** Each entry of a list of approvals of delegations, or of waivers; the list can stand alone or under its name. */
function entriesOf(
  yaml: Yaml,
  document: Document.Parsed,
  path: readonly string[],
  key: 'approvals' | 'waivers',
): Entry[] {
  const found = path.length === 0 ? document.contents : document.getIn(path, true);
  const list = isMap(found) ? found.get(key === 'approvals' ? 'delegations' : 'waivers', true) : found;
  if (!isSeq(list)) return [];
  return list.items.flatMap((item): Entry[] => {
    const place = isNode(item) ? placeOfNode(yaml, item) : undefined;
    return place && isMap(item) ? [{ place, values: item.toJS(document) as Record<string, unknown> }] : [];
  });
}

function isWaiverOf({ values }: Entry, { rule, resourceId, accountId, region, waiver }: RuleResult): boolean {
  const fits = (pattern: unknown, text: string | null): boolean =>
    pattern === undefined || (typeof pattern === 'string' && text !== null && matchesWildcard(pattern, text));
  return (
    fits(values['rule'], rule.id) &&
    fits(values['resource'], resourceId) &&
    fits(values['account'], accountId) &&
    fits(values['region'], region) &&
    // Of several that cover it, the one that was told.
    (waiver?.startsWith(`accepted by ${String(values['approved_by'])} until `) ?? false) &&
    (waiver?.includes(`: ${String(values['reason'])}`) ?? false)
  );
}

/** The resource of what judges approvals is `service/principal/method`. */
function isApprovalOf({ values }: Entry, { resourceId, region }: RuleResult): boolean {
  const { service, account, method = 'any', region: approved = null } = values;
  return (
    resourceId === `${String(service)}/${String(account)}/${String(method)}` &&
    (approved === null || approved === region)
  );
}
