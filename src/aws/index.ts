export { isExpiryOfCredentials, type Certainty } from './classify.js';
export { CredentialsError, type AccountAccess } from './credentials.js';
export { Delegates, type Access, type DelegateOptions } from './delegates.js';
export { isAwsAsked } from './endpoint.js';
export { FirstAnswers } from './first_answers.js';
export { AwsReadError, worse, type Outcome } from './outcome.js';
export type { CallReport, RoadOptions } from './road.js';
export { certain, Session, type Clients, type Identity } from './session.js';
