export { connect, disconnect, type ConnectOptions } from './connect.js';
export { libpqEnvironment } from './libpq.js';
export { BinaryCopy, csvOf } from './copy.js';
export {
  embeddedStatus,
  embeddedUrl,
  openEmbedded,
  startEmbedded,
  stopEmbedded,
  type Embedded,
  type EmbeddedStatus,
} from './embedded/embedded.js';
export type { EmbeddedOptions } from './embedded/instance.js';
export { DatabaseError, errorCode, errorMessage } from './errors.js';
export { embeddedHome } from './embedded/home.js';
export { lockNotAvailable, tellWaits, withHolders } from './lock_holders.js';
export { lockSql, type Locks } from './locks.js';
export { storableJson, withoutNul } from './text.js';
