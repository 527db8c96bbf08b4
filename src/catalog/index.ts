export { administratorPowers, type AdministratorPower } from './administrators.js';
export { administratorAnswersOf } from './answer.js';
export { iamActionOf, iamActionsOf } from './iam_actions.js';
export { nearestServices } from './nearest_services.js';
export { rateOf, secondsAtRate, type OperationRate, type RequestRate } from './rates.js';
export {
  defaultRegions,
  isKnownRegion,
  nearestRegions,
  partition,
  partitionOf,
  partitions,
  regionNamed,
  type PartitionId,
} from './regions.js';
export { commandsIn, globalRegionOf, isServiceInRegion, type DelegationService } from './service.js';
export { serviceNamed, services, servicesOfPrincipal } from './services.js';
