import * as pb from '@cloudquery/plugin-pb-javascript';
import { tableFromIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { Server, ServerCredentials, status, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import { discovery, plugin } from '../support/plugin.js';

function read(ipc: Uint8Array): { name: string; rows: number } {
  const { schema, numRows } = tableFromIPC(ipc);
  return { name: schema.metadata.get('cq:table_name') ?? '', rows: numRows };
}

/** A destination of the CloudQuery CLI (`registry: grpc`) that stores nothing and remembers what it was told. */
export class RecordingDestination {
  /** Rows by table; a table that was announced and got none is 0. */
  readonly rows = new Map<string, number>();
  /** Tables of which the client wanted what is older to go. */
  readonly deletedStale = new Set<string>();
  readonly #server = new Server({ 'grpc.max_receive_message_length': 200 * 1024 * 1024 });

  static async start(): Promise<{ destination: RecordingDestination; address: string }> {
    const destination = new RecordingDestination();
    const port = await new Promise<number>((resolve, reject) => {
      destination.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    return { destination, address: `127.0.0.1:${port}` };
  }

  private constructor() {
    const unimplemented = (_: unknown, done: sendUnaryData<never>): void => {
      done({ code: status.UNIMPLEMENTED, details: 'a destination that only remembers has none' });
    };
    this.#server.addService(pb.discovery1.cloudquery.discovery.v1.UnimplementedDiscoveryService.definition, {
      GetVersions: (_: unknown, done: sendUnaryData<discovery.GetVersions.Response>) => {
        done(null, new discovery.GetVersions.Response({ versions: [3] }));
      },
    });
    this.#server.addService(pb.pluginV3.cloudquery.plugin.v3.UnimplementedPluginService.definition, {
      ...{ GetSpecSchema: unimplemented, GetTables: unimplemented, Sync: unimplemented, Read: unimplemented },
      ...{ Transform: unimplemented, TransformSchema: unimplemented },
      GetName: (_: unknown, done: sendUnaryData<plugin.GetName.Response>) => {
        done(null, new plugin.GetName.Response({ name: 'recording' }));
      },
      GetVersion: (_: unknown, done: sendUnaryData<plugin.GetVersion.Response>) => {
        done(null, new plugin.GetVersion.Response({ version: 'v0.0.0' }));
      },
      Init: (_: unknown, done: sendUnaryData<plugin.Init.Response>) => {
        done(null, new plugin.Init.Response());
      },
      TestConnection: (_: unknown, done: sendUnaryData<plugin.TestConnection.Response>) => {
        done(null, new plugin.TestConnection.Response({ success: true }));
      },
      Close: (_: unknown, done: sendUnaryData<plugin.Close.Response>) => {
        done(null, new plugin.Close.Response());
      },
      Write: (
        call: ServerReadableStream<plugin.Write.Request, plugin.Write.Response>,
        done: sendUnaryData<plugin.Write.Response>,
      ) => {
        call.on('data', (request: plugin.Write.Request) => {
          this.#remember(request);
        });
        call.on('end', () => {
          done(null, new plugin.Write.Response());
        });
      },
    });
  }

  #remember(request: plugin.Write.Request): void {
    if (request.has_migrate_table) {
      this.rows.set(read(request.migrate_table.table).name, 0);
    } else if (request.has_insert) {
      const { name, rows } = read(request.insert.record);
      this.rows.set(name, (this.rows.get(name) ?? Number.NaN) + rows);
    } else if (request.has_delete) {
      this.deletedStale.add(request.delete.table_name);
    }
  }

  close(): void {
    this.#server.forceShutdown();
  }
}
