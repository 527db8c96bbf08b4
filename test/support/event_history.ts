import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';

export interface HistoryEvent {
  id: string;
  name: string;
  time: Date;
  source?: string;
}

/** What CloudTrail was asked. */
export interface LookUp {
  name: string;
  start: Date;
}

/** A simulator with an event history in front of it: cloudtrail:LookupEvents is answered here, in one Region for all. */
export class EventHistory {
  readonly events: HistoryEvent[] = [];
  readonly lookUps: LookUp[] = [];
  /** Names of events whose look-up ends with a server error. */
  readonly broken = new Set<string>();

  private constructor(
    readonly simulator: Simulator,
    readonly server: Server,
  ) {}

  static async start(scenario: ScenarioInput): Promise<EventHistory> {
    const simulator = await startSimulator({ scenario });
    const server = createServer();
    const history = new EventHistory(simulator, server);
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      void history.#answer(incoming, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return history;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** An event so many minutes ago. */
  happened(id: string, name: string, minutesAgo: number): void {
    const time = new Date(Date.now() - minutesAgo * 60_000);
    // CloudTrail tells whole seconds.
    time.setMilliseconds(0);
    this.events.push({ id, name, time });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.simulator.close();
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (!String(incoming.headers['x-amz-target']).endsWith('.LookupEvents')) {
      this.#forward(incoming, body, response);
      return;
    }
    const { LookupAttributes, StartTime } = JSON.parse(body.toString()) as {
      LookupAttributes: { AttributeValue: string }[];
      StartTime: number;
    };
    const name = LookupAttributes[0]?.AttributeValue ?? '';
    const start = new Date(StartTime * 1000);
    this.lookUps.push({ name, start });
    const reply = (status: number, content: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(content));
    };
    if (this.broken.has(name)) {
      reply(500, { __type: 'InternalFailure', message: 'broken on purpose' });
      return;
    }
    const found = this.events.filter((event) => event.name === name && event.time >= start);
    reply(200, {
      Events: found
        .sort((left, right) => right.time.getTime() - left.time.getTime())
        .map(({ id, time, source = 'organizations.amazonaws.com' }) => ({
          EventId: id,
          EventName: name,
          EventSource: source,
          EventTime: time.getTime() / 1000,
          ReadOnly: 'false',
          CloudTrailEvent: JSON.stringify({ eventID: id }),
        })),
    });
  }

  #forward(incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { method, url, headers } = incoming;
    const options = { ...(method !== undefined && { method }), headers };
    const onward = request(new URL(url ?? '/', this.simulator.url), options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  }
}
