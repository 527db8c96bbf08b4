import type { Input, Operation, Protocol, RawRequest } from './call.js';
import { AwsError } from './errors.js';

/** AWS JSON 1.1 writes times as seconds since 1970. */
function json(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, written: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : written;
  });
}

function parseObject(body: string): Input {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Falls through to AWS's answer for any body that is no JSON object.
  }
  throw new AwsError('SerializationException', 400, 'The request body is not a valid JSON object.');
}

/** `X-Amz-Target: <prefix>.<operation>`, JSON both ways. Some services answer to more than one prefix. */
export function awsJson11(...targetPrefixes: readonly string[]): Protocol {
  return {
    read(request, service) {
      const target = request.headers['x-amz-target'] ?? '';
      const dot = target.lastIndexOf('.');
      const [prefix, asked] = [target.slice(0, Math.max(0, dot)), target.slice(dot + 1)];
      const isJson = (request.headers['content-type'] ?? '').startsWith('application/x-amz-json-1.1');
      const known =
        request.method === 'POST' &&
        isJson &&
        targetPrefixes.includes(prefix) &&
        Object.hasOwn(service.operations, asked);
      return known
        ? { name: asked, asked, input: parseObject(request.body) }
        : { name: null, asked: target, input: {} };
    },
    write(output, _operation, requestId) {
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
        body: json(output),
      };
    },
    fail(error, requestId) {
      // Errors of the front end (UnknownOperationException, InvalidSignatureException) have a lower-case message.
      return {
        status: error.status,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
        body: json({ __type: error.code, ...messageMember(error), ...error.fields }),
      };
    },
  };
}

const FRONT_END_ERRORS = [
  'UnknownOperationException',
  'InvalidSignatureException',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'MissingAuthenticationTokenException',
];

function messageMember(error: AwsError): Record<string, string> {
  if (error.message === '') return {};
  return { [FRONT_END_ERRORS.includes(error.code) ? 'message' : 'Message']: error.message };
}

/** REST with JSON: the operation is in method and path, members in the path, in the query string or, after POST, in the body. */
function restJsonWith({ nameInQuery, messageMember: messageName }: RestJsonNames): Protocol {
  return {
    read(request, service) {
      const asked = `${request.method} ${request.path}`;
      for (const [name, operation] of Object.entries(service.operations)) {
        if (operation.http?.method !== request.method) continue;
        const labels = readPath(operation.http.path, request.path);
        if (!labels) continue;
        const hasBody = request.method === 'POST';
        const rest = hasBody ? parseObject(request.body) : readQuery(request, operation, nameInQuery);
        return { name, asked, input: { ...rest, ...labels } };
      }
      return { name: null, asked, input: {} };
    },
    write(output, _operation, requestId) {
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
        body: json(output),
      };
    },
    fail(error, requestId) {
      return {
        status: error.status,
        headers: {
          'content-type': 'application/json',
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': error.code,
        },
        body: json({ [messageName]: error.message, __type: error.code, ...error.fields }),
      };
    },
  };
}

interface RestJsonNames {
  readonly nameInQuery: (member: string) => string;
  /** Of an error's text. */
  readonly messageMember: 'message' | 'Message';
}

/** Names that start with a small letter on the wire (maxResults for MaxResults), as in most services. */
export const restJson = restJsonWith({
  nameInQuery: (member) => member.charAt(0).toLowerCase() + member.slice(1),
  messageMember: 'message',
});

/** Names as in the model, MaxResults and Message: Security Hub and Detective. */
export const capitalRestJson = restJsonWith({ nameInQuery: (member) => member, messageMember: 'Message' });

/** The members in a path, or undefined where it is another path. */
function readPath(template: string, path: string): Record<string, string> | undefined {
  const [, before = '', label, greedy, after = ''] = /^([^{]*)(?:\{(\w+)(\+?)\}(.*))?$/.exec(template) ?? [];
  if (label === undefined) return path === template ? {} : undefined;
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const value = path.slice(before.length, path.length - after.length);
  if (value === '' || (greedy === '' && value.includes('/'))) return undefined;
  try {
    return { [label]: decodeURIComponent(value) };
  } catch {
    return undefined;
  }
}

function readQuery(request: RawRequest, operation: Operation, nameInQuery: RestJsonNames['nameInQuery']): Input {
  const input: Record<string, unknown> = {};
  for (const [member, rule] of Object.entries(operation.input)) {
    const values = request.query.getAll(nameInQuery(member));
    const [value] = values;
    if (value !== undefined) input[member] = rule.type === 'list' ? values : typed(value, rule.type);
  }
  return input;
}

export function typed(value: string, type: string): unknown {
  if (type === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return value;
}
