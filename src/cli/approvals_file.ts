import { Document, isSeq, parseDocument, YAMLMap, type YAMLSeq } from 'yaml';
import { approvalsContent, type ApprovalsContent } from '../plugin/approvals.js';
import { parseApprovals, refuseDeepYaml } from '../plugin/intents.js';
import { SpecError } from '../plugin/spec_error.js';
import { textOf, type ApprovalEntry } from './approval_entries.js';
import type { PrincipalEntry } from './approval_principals.js';
import { UsageError } from './errors.js';

export interface Signature {
  readonly approved_by: string;
  /** Days, such as 2026-12-31. */
  readonly approved_on: string;
  readonly review_by?: string;
}

const heading = ' What people have approved: docs/spec.md of aws-delegation explains each key.';

/** An approvals file that is changed where it has to be, and stays as it is elsewhere, comments included. */
export class ApprovalsFile {
  readonly #document: Document;
  #isChanged = false;

  private constructor(
    document: Document,
    readonly entries: readonly ApprovalEntry[],
    readonly principals: readonly PrincipalEntry[],
    readonly original: string | undefined,
  ) {
    this.#document = document;
  }

  /** @throws {UsageError} for anything but an approvals file, also for one with a fault: it would not be ours to mend. */
  static parse(path: string, text: string): ApprovalsFile {
    try {
      refuseDeepYaml(path, text);
      const empty = parseDocument(text, { logLevel: 'error' });
      if (empty.errors.length === 0 && empty.contents === null) {
        const created = ApprovalsFile.from({ delegations: [] });
        created.#document.commentBefore = empty.commentBefore ?? empty.comment ?? heading;
        return created;
      }
      const { content, document } = parseApprovals(path, text);
      return new ApprovalsFile(document, delegationsOf(content), principalsOf(content), text);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      throw new UsageError(
        `${error.message}\n${path} is no approvals file, or has this fault; nothing was written. Correct it, or give another file (-o).`,
        { cause: error },
      );
    }
  }

  /** A new one, with what stands in the spec itself. */
  static from(content: ApprovalsContent): ApprovalsFile {
    const document = new Document(content);
    document.commentBefore = heading;
    return new ApprovalsFile(document, delegationsOf(content), principalsOf(content), undefined);
  }

  /** Replaces `gone` by `added`, which are signed; entries that no approvals file can hold are given back. */
  change(gone: ReadonlySet<ApprovalEntry>, added: readonly ApprovalEntry[], signature: Signature): ApprovalEntry[] {
    const list = this.#list('delegations', added.length > 0);
    if (gone.size > 0 && list !== undefined) {
      const goneAt = new Set(this.entries.flatMap((entry, index) => (gone.has(entry) ? [index] : [])));
      list.items = list.items.filter((_, index) => !goneAt.has(index));
      this.#isChanged = true;
    }
    const refused: ApprovalEntry[] = [];
    for (const entry of added) {
      const signed = { ...entry, ...signature };
      if (!approvalsContent.safeParse([signed]).success) refused.push(entry);
      else {
        list?.items.push(this.#document.createNode(signed));
        this.#isChanged = true;
      }
    }
    return refused;
  }

  /** Adds signed entries; those that no approvals file can hold are given back. */
  addPrincipals(added: readonly PrincipalEntry[], signature: Signature): PrincipalEntry[] {
    const signed = added.map((entry) => ({ entry, node: { ...entry, ...signature } }));
    const isFit = ({ node }: (typeof signed)[number]): boolean =>
      approvalsContent.safeParse({ principals: [node] }).success;
    const fit = signed.filter(isFit);
    const list = fit.length === 0 ? undefined : this.#list('principals', true);
    for (const { node } of fit) {
      list?.items.push(this.#document.createNode(node));
      this.#isChanged = true;
    }
    return signed.filter((each) => !isFit(each)).map(({ entry }) => entry);
  }

  /** @throws {UsageError} where the way in which the file is written does not let itself be changed by a program. */
  text(): string {
    if (this.original !== undefined && !this.#isChanged) return this.original;
    try {
      const text = this.#document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: false });
      parseApprovals('the new file', text);
      return text;
    } catch (error) {
      throw new UsageError(
        `The approvals file cannot be changed as it is written (${(error as Error).message}). Nothing was written. Do without anchors and aliases in it.`,
        { cause: error },
      );
    }
  }

  #list(key: 'delegations' | 'principals', isNeeded: boolean): YAMLSeq | undefined {
    const document = this.#document;
    const { contents } = document;
    if (isSeq(contents)) {
      if (key === 'delegations') return blockStyle(contents, isNeeded);
      if (!isNeeded) return undefined;
      // A list alone is one of delegations: it needs a name beside another.
      const map = new YAMLMap(document.schema);
      map.set('delegations', contents);
      document.contents = map;
    }
    const found = document.get(key, true);
    if (isSeq(found)) return blockStyle(found, isNeeded);
    if (!isNeeded) return undefined;
    document.set(key, document.createNode([]));
    return this.#list(key, false);
  }
}

function blockStyle(list: YAMLSeq, isNeeded: boolean): YAMLSeq {
  if (isNeeded) list.flow = false;
  return list;
}

/** In the order of the file. */
function delegationsOf(content: ApprovalsContent): ApprovalEntry[] {
  return (Array.isArray(content) ? content : (content.delegations ?? [])).map(
    ({ service, account, method, region }): ApprovalEntry => ({ service, account, method, region }),
  );
}

function principalsOf(content: ApprovalsContent): PrincipalEntry[] {
  const principals = Array.isArray(content) ? [] : (content.principals ?? []);
  return principals.map(({ principal, actions }) => ({ principal, actions }));
}

export function listOf(entries: Iterable<ApprovalEntry>): string {
  return [...entries].map((entry) => `  ${textOf(entry)}`).join('\n');
}
