export { administratorPowers, type Administrator, type AdministratorPower } from './administrators.js';
export { nearestServices } from './nearest_services.js';
export { administratorAnswersOf, type AdministratorAnswer } from './answer.js';
export { iamActionOf, iamActionsOf } from './iam_actions.js';
export { rateOf, secondsAtRate, type OperationRate, type RequestRate } from './rates.js';
export {
  defaultRegions,
  isKnownRegion,
  nearestRegions,
  partition,
  partitionOf,
  partitions,
  regionNamed,
  type Partition,
  type PartitionId,
  type Region,
  type RegionKind,
} from './regions.js';
export {
  commandsIn,
  globalRegionOf,
  isServiceInRegion,
  type Confidence,
  type DelegationMethod,
  type DelegationService,
  type ServiceCategory,
  type ServiceRegions,
} from './service.js';
export { serviceNamed, services, servicesOfPrincipal } from './services.js';
