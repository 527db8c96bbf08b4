/** More lines than this are more than one topic, as a rule. */
export const mostLines = 200;

/** The source files that are longer, and why each is one file all the same. */
export const longFiles: Readonly<Record<string, string>> = {
  'src/aws/road.ts': 'one class: turn, try, judge and repeat are one loop, and share what they know of the way there',
  'src/aws/session.ts': 'one class, and two lines for each client of the SDK',
  'src/catalog/administrators.ts': 'data: what the administrator of each service can do',
  'src/catalog/service.ts': 'what an entry of the catalogue is, and the short ways to write one',
  'src/catalog/services.ts': 'data: one entry for each service',
  'src/cli/commands/approvals.ts': 'one command, from its options to the file that it writes',
  'src/cli/earlier_sync.ts': 'one question: how large the organization was at its last sync',
  'src/cli/evidence/bundle.ts': 'writing and verifying must agree on every line of MANIFEST and DIGEST',
  'src/plugin/source.ts': 'what the plugin does without the wire: one method a question, over one spec and session',
  'src/plugin/spec.ts': 'one schema, which gives the type, the validation and the JSON Schema',
  'src/plugin/state_client.ts': 'one client of one destination: reading, writing and silence share its call',
  'src/report/ocsf.ts': 'one format',
  'src/report/page_data.ts': 'types: the one file that the page and its maker share',
  'src/report/sarif.ts': 'one format',
  'src/report/text.ts': 'one format',
  'src/rules/current_layer.ts': 'one SQL file, and most of it is the text of that',
  'src/rules/page.ts': 'the queries of one page, set by set',
  'src/rules/run.ts': 'one run: lock, snapshot, verdicts and waivers belong to one transaction',
  'src/runner/writer.ts': 'one class: the states that a table goes through in one transaction',
  'src/simulator/organization.ts': 'one class: the indexes are filled and asked together',
  'src/simulator/scenarios/demo.ts': 'data: one organization, whose accounts, policies and events tell one story',
  'src/simulator/scenarios/healthy.ts': 'data: one organization',
  'src/simulator/services/cloudtrail.ts': 'one service, operation by operation',
  'src/simulator/services/securityhub.ts': 'one service, operation by operation',
  'src/simulator/state.ts': 'one class: every request goes through the same steps in the same order',
  'src/sync/read_log.ts': 'one class: what is noted of a read, and the rows that follow from it',
  'src/sync/sync.ts': 'one sequence: nothing is sent before everything was read and judged',
  'src/sync/walk.ts': 'one class: list, detail and relation call each other, and share the readings',
};
