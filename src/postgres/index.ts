export { connect, disconnect, libpqEnvironment, type ConnectOptions } from './connect.js';
export { BinaryCopy, csvOf } from './copy.js';
export {
  embeddedStatus,
  embeddedUrl,
  openEmbedded,
  startEmbedded,
  stopEmbedded,
  type Embedded,
  type EmbeddedOptions,
  type EmbeddedStatus,
} from './embedded.js';
export { DatabaseError, errorCode, errorMessage } from './errors.js';
export { embeddedHome } from './home.js';
export { lockNotAvailable, lockSql, withHolders, type Locks } from './locks.js';
export { storableJson, withoutNul } from './text.js';
