import type { Output, Protocol, RawRequest, Service } from './call.js';
import { typed } from './protocols.js';
import { element, escape } from './xml.js';

/** Action and Version in a form; XML back. Lists are `Name.1` in EC2 and `Name.member.1` elsewhere. */
function readForm(request: RawRequest, service: Service, version: string): ReturnType<Protocol['read']> {
  const form = request.method === 'GET' ? request.query : new URLSearchParams(request.body);
  const asked = form.get('Action') ?? '';
  if (form.get('Version') !== version || !Object.hasOwn(service.operations, asked)) {
    return { name: null, asked, input: {} };
  }
  const operation = service.operations[asked];
  const input: Record<string, unknown> = {};
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue;
    put(input, key.split('.'), typed(value, operation?.input[key]?.type ?? 'string'));
  }
  return { name: asked, asked, input };
}

/** `Filter.1.Value.2=x` becomes {Filter: [{Value: [.., x]}]}. */
function put(into: Record<string, unknown>, [head = '', ...rest]: string[], value: unknown): void {
  const path = rest.filter((part) => part !== 'member');
  const [index, ...below] = path;
  if (index === undefined) {
    into[head] = value;
  } else if (/^\d{1,4}$/.test(index)) {
    const list = (into[head] ??= []) as unknown[];
    const place = Number(index) - 1;
    if (below.length === 0) list[place] = value;
    else put((list[place] ??= {}) as Record<string, unknown>, below, value);
  } else {
    put((into[head] ??= {}) as Record<string, unknown>, path, value);
  }
}

const XML_HEADERS = { 'content-type': 'text/xml;charset=UTF-8' };

export function awsQuery(version: string, namespace: string): Protocol {
  return {
    read: (request, service) => readForm(request, service, version),
    write(output: Output, operation: string, requestId: string) {
      const result = element(`${operation}Result`, output, 'member');
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      return {
        status: 200,
        headers: { ...XML_HEADERS, 'x-amzn-requestid': requestId },
        body: `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`,
      };
    },
    fail(error, requestId) {
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      const detail = `<Type>${type}</Type><Code>${error.code}</Code><Message>${escape(error.message)}</Message>`;
      return {
        status: error.status,
        headers: { ...XML_HEADERS, 'x-amzn-requestid': requestId },
        body: `<ErrorResponse xmlns="${namespace}"><Error>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    },
  };
}

export function ec2Query(version: string, namespace: string): Protocol {
  return {
    read: (request, service) => readForm(request, service, version),
    write(output, operation, requestId) {
      const body = Object.entries({ requestId, ...output })
        .map(([member, value]) => element(member, value, 'item'))
        .join('');
      return {
        status: 200,
        headers: { ...XML_HEADERS, 'x-amzn-requestid': requestId },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="${namespace}">${body}</${operation}Response>`,
      };
    },
    fail(error, requestId) {
      const detail = `<Code>${error.code}</Code><Message>${escape(error.message)}</Message>`;
      return {
        status: error.status,
        headers: { ...XML_HEADERS, 'x-amzn-requestid': requestId },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${detail}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      };
    },
  };
}
