import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultAccount, findCaller, hasEnded, readDate, readSignature } from './auth.js';
import type { Call, Input, Output, RawRequest, Reply, Service, World } from './call.js';
import { applyChange, Changes } from './changes.js';
import { AwsError } from './errors.js';
import { applyFault, foreignTo, type Broken } from './fault_replies.js';
import { Faults } from './faults.js';
import { read, send } from './http.js';
import { findDenial } from './iam.js';
import { findProblem } from './input.js';
import { Latencies } from './latency.js';
import { Organization } from './organization.js';
import { behindEmptyPage } from './pages.js';
import { isOn } from './places.js';
import { awsJson11 } from './protocols.js';
import { Rates } from './rates.js';
import { defineScenario, ScenarioError, type Scenario, type ScenarioInput } from './scenario.js';
import { loadScenario } from './scenarios/index.js';
import { SERVICES } from './services/index.js';

export interface LoggedRequest {
  readonly service: string;
  /** `organizations:ListAccounts`; what was asked for where there is no such operation. */
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  readonly at: Date;
  readonly input: Input;
  /** 0 while there is no answer, and where none came. */
  status: number;
}

export interface SimulatorOptions {
  /** A scenario, its name, or a file. Default: demo, or large where `accounts` is given. */
  scenario?: Scenario | ScenarioInput | string | undefined;
  /** How many accounts the scenario `large` has. */
  accounts?: number | undefined;
  /** 0 (the default) takes a free one. */
  port?: number | undefined;
  host?: string | undefined;
}

/** For requests of a service that is not there, in the form that most AWS clients understand. */
const UNKNOWN_SERVICE = awsJson11('');

/** What is served, and how: each request is answered in the same steps. */
export class State {
  readonly requests: LoggedRequest[] = [];
  readonly faults = new Faults();
  readonly #rates = new Rates();
  readonly #latencies = new Latencies();
  #world: World;
  #changes: Changes;
  #requestNumber = 0;

  constructor({ scenario, accounts }: SimulatorOptions) {
    const first =
      scenario === undefined || typeof scenario === 'string'
        ? loadScenario(scenario ?? (accounts === undefined ? 'demo' : 'large'), { accounts })
        : defineScenario(scenario);
    if (accounts !== undefined && scenario !== undefined && scenario !== 'large') {
      throw new ScenarioError(
        'Starting the simulator: accounts was given with a scenario that has its own. Leave one of them out, or take the scenario large.',
      );
    }
    this.#world = worldOf(first, new Map());
    this.#changes = new Changes(first.changes);
    this.#addFaults();
  }

  get world(): World {
    return this.#world;
  }

  /** @param isNew whether its faults and its changes are still to come. */
  use(scenario: Scenario, isNew = true): void {
    this.#world = worldOf(scenario, this.#world.sessions);
    if (!isNew) return;
    this.#changes = new Changes(scenario.changes);
    this.#addFaults();
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#requestNumber += 1;
    const requestId = `00000000-0000-4000-8000-${this.#requestNumber.toString(16).padStart(12, '0')}`;
    try {
      const raw = await read(request);
      const reply = await this.#answer(raw, requestId);
      if (reply === 'reset') request.socket.destroy();
      else if (reply !== 'hang') send(response, reply, () => request.socket.destroy());
    } catch (error) {
      // A client that went away, or a defect here: the first has nobody to tell, the second must show itself.
      if (response.destroyed) return;
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: `simulator: ${message}\n` });
    }
  }

  async #answer(raw: RawRequest, requestId: string): Promise<Reply | Broken> {
    const world = this.#world;
    const signature = readSignature(raw.headers['authorization']);
    if (!signature && raw.method === 'GET' && raw.path === '/' && raw.query.size === 0) return greeting(world);

    const service = SERVICES.find(({ name }) => name === (signature?.service ?? unsignedService(raw)));
    const log: LoggedRequest = {
      service: service?.name ?? signature?.service ?? '',
      operation: '',
      region: signature?.region ?? '',
      account: '',
      at: new Date(),
      input: {},
      status: 0,
    };
    this.requests.push(log);
    if (!service) {
      const name = signature?.service ?? 'unsigned';
      const message = `The simulator has no service ${name}. It has ${SERVICES.map((known) => known.name).join(', ')}.`;
      return answered(log, UNKNOWN_SERVICE.fail(new AwsError('UnknownOperationException', 400, message), requestId));
    }
    const clock = { skewMs: 0 };
    try {
      return answered(log, await this.#call(world, service, raw, requestId, signature, log, clock), clock);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return answered(log, service.protocol.fail(error, requestId), clock);
    }
  }

  async #call(
    world: World,
    known: Service,
    raw: RawRequest,
    requestId: string,
    signature: ReturnType<typeof readSignature>,
    log: LoggedRequest,
    clock: { skewMs: number },
  ): Promise<Reply | Broken> {
    const { scenario } = world;
    const { name, asked, input } = known.protocol.read(raw, known);
    const operation = name === null ? undefined : known.operations[name];
    Object.assign(log, { operation: `${known.name}:${name ?? asked}`, input });
    if (name === null || !operation) throw known.errors.unknownOperation(asked);
    const service: Service = { ...known, errors: { ...known.errors, ...operation.errors } };
    if (!signature) throw service.errors.missingAuthentication();
    const latencyMs = this.#latencies.next(scenario, log.operation, signature.region, signature.accessKeyId, input);
    if (latencyMs > 0) await sleep(latencyMs);

    const { region } = signature;
    const caller = findCaller(world, signature.accessKeyId, raw.headers['x-amz-security-token']);
    Object.assign(log, { account: caller?.accountId ?? '' });
    if (service.homeRegion) {
      const home = service.homeRegion(scenario);
      if (home === undefined) return 'reset';
      if (home !== region) throw service.errors.wrongRegion();
    } else if (!isOn(scenario, region)) {
      // Credentials are not known in a Region that is off, so it looks like a wrong key.
      throw service.errors.invalidToken();
    } else if (service.isAbsent?.(scenario, region)) {
      return 'reset';
    }
    if (!caller) throw service.errors.invalidToken();
    if (hasEnded(world, signature.accessKeyId)) throw service.errors.expiredCredentials();

    const problem = findProblem(input, operation.input);
    const received: Call = {
      world,
      caller,
      region,
      operation: `${service.name}:${name}`,
      input,
      accessKeyId: signature.accessKeyId,
      signedAt: readDate(raw.headers['x-amz-date']),
      emptyPages: 0,
    };
    const call: Call = { ...received, ...behindEmptyPage(received) };
    const output = (): Output => {
      if (problem) throw service.errors.invalid(problem);
      return operation.handle(call);
    };
    const write = (result: Output): Reply => {
      this.faults.remember(result);
      return service.protocol.write(result, name, requestId);
    };
    const writeForeign = (result: Output): Reply => {
      this.faults.remember(result);
      return foreignTo(service.protocol).write(result, name, requestId);
    };
    const answer = (): Reply => write(output());

    clock.skewMs = this.faults.skewOf(call);
    const fault = this.faults.take(call, operation);
    if (fault)
      return this.#passOn(
        call,
        await applyFault(fault, call, service, { answer, output, write, writeForeign }, this.faults),
      );
    if (this.#rates.exceeded(call, service)) throw service.errors.throttled();
    const denial = findDenial(call, service, operation);
    if (denial) throw denial;
    return this.#passOn(call, answer());
  }

  /** Lets happen what the scenario has to happen after this answer. */
  #passOn<Answer extends Reply | Broken>(call: Call, reply: Answer): Answer {
    if (typeof reply !== 'object' || reply.status >= 300) return reply;
    const changes = this.#changes.after(call);
    if (changes.length > 0) {
      const scenario = structuredClone(this.#world.scenario);
      for (const change of changes) applyChange(scenario, change);
      this.use(defineScenario(scenario), false);
    }
    return reply;
  }

  #addFaults(): void {
    for (const fault of this.#world.scenario.faults) this.faults.add(fault);
  }
}

function worldOf(scenario: Scenario, sessions: World['sessions']): World {
  const organization = scenario.organization ? new Organization(scenario.organization, scenario.partition) : null;
  return { scenario, organization, sessions };
}

/** Which service an unsigned request means, so that it gets that service's error. */
function unsignedService(raw: RawRequest): string {
  if ((raw.headers['x-amz-target'] ?? '').startsWith('AWSOrganizations')) return 'organizations';
  if (raw.path !== '/') return 'guardduty';
  return raw.body.includes('Version=2016-11-15') ? 'ec2' : 'sts';
}

function answered(log: LoggedRequest, reply: Reply | Broken, { skewMs } = { skewMs: 0 }): Reply | Broken {
  if (typeof reply !== 'object') return reply;
  log.status = reply.status;
  if (skewMs === 0) return reply;
  return { ...reply, headers: { ...reply.headers, date: new Date(Date.now() + skewMs).toUTCString() } };
}

/** For a person who opens the address in a browser. */
function greeting(world: World): Reply {
  const { name, organization } = world.scenario;
  const size = organization
    ? `organization ${organization.id}, ${organization.accounts.length} accounts`
    : 'no organization';
  const body = `A simulated AWS: scenario ${name}, ${size}, default account ${defaultAccount(world)}.
Services: ${SERVICES.map((service) => service.name).join(', ')}. Use this address as AWS_ENDPOINT_URL, with any credentials.
`;
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
