"""Reads a whole simulated organization through boto3 and prints what it found as JSON.

    python test/simulator/boto3_check.py http://127.0.0.1:4566 [--account 111122223333]

boto3 is a client that nobody here wrote. Besides parsing, this holds every answer against botocore's model, which
boto3 itself does not do for answers: no unknown member, no wrong type, no value outside of a pattern, enum or length.
Exit code 1 and a list of what is wrong on stderr if anything is.
"""

import argparse
import datetime
import functools
import json
import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

problems = []

OPERATIONS = """
    DescribeOrganization ListRoots ListAccounts ListAccountsForParent ListOrganizationalUnitsForParent ListChildren
    ListParents DescribeAccount DescribeOrganizationalUnit ListPolicies DescribePolicy ListTargetsForPolicy
    ListPoliciesForTarget ListAWSServiceAccessForOrganization ListDelegatedAdministrators
    ListDelegatedServicesForAccount DescribeResourcePolicy ListHandshakesForOrganization ListTagsForResource
    ListCreateAccountStatus
""".split()

# Services that are asked for their administrators Region by Region with ListOrganizationAdminAccounts: the member with
# the list, the member with an account, what a wrong input gives, and what an account gives that may not ask.
ADMINISTRATORS = {
    "securityhub": ("AdminAccounts", "AccountId", "InvalidInputException", "InvalidAccessException"),
    "macie2": ("adminAccounts", "accountId", "ValidationException", "AccessDeniedException"),
    "detective": ("Administrators", "AccountId", "ValidationException", "AccessDeniedException"),
}

# Where the model is wrong about AWS: its pattern takes hexadecimal digits only, Organizations hands out all letters.
NOT_AS_MODELLED = {"ListOrganizationServiceAccessStatus.OrganizationStatus.OrganizationId"}

# What any operation of a service may answer; the models do not list these:
# https://docs.aws.amazon.com/fms/2018-01-01/APIReference/CommonErrors.html and its like.
COMMON_ERRORS = {"AccessDenied", "AccessDeniedException", "InvalidNextToken", "InvalidParameterValue", "SerializationException",
                 "ValidationError", "ValidationException"}


def check(shape, value, where):
    """Holds a parsed value against its shape in the model."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return problems.append(f"{where}: not a structure: {value!r}")
        for name in shape.required_members:
            if name not in value:
                problems.append(f"{where}: {name} is required")
        for name, member in value.items():
            if name == "ResponseMetadata":
                continue
            if name not in shape.members:
                problems.append(f"{where}: {name} is not in the model")
            else:
                check(shape.members[name], member, f"{where}.{name}")
    elif kind == "list":
        if not isinstance(value, list):
            return problems.append(f"{where}: not a list: {value!r}")
        bounds(shape, len(value), where)
        for index, item in enumerate(value):
            check(shape.member, item, f"{where}[{index}]")
    elif kind == "string":
        if shape.name == "policyDocumentType" and isinstance(value, dict):
            return  # boto3 has decoded it
        if not isinstance(value, str):
            return problems.append(f"{where}: not a string: {value!r}")
        if shape.enum and value not in shape.enum:
            problems.append(f"{where}: {value!r} is not one of {shape.enum}")
        bounds(shape, len(value), where)
        pattern = shape.metadata.get("pattern")
        if pattern and where not in NOT_AS_MODELLED and not fits(pattern, value):
            problems.append(f"{where}: {value!r} does not fit {pattern}")
    elif kind == "timestamp":
        if not isinstance(value, datetime.datetime):
            problems.append(f"{where}: not a time: {value!r}")
    elif kind == "boolean":
        if not isinstance(value, bool):
            problems.append(f"{where}: not a boolean: {value!r}")
    elif kind in ("integer", "long"):
        if not isinstance(value, int) or isinstance(value, bool):
            problems.append(f"{where}: not a number: {value!r}")


def check_members(shape, raw, where):
    """botocore drops members that it does not know while parsing, so these are looked for in the answer itself."""
    if shape.type_name == "structure" and isinstance(raw, dict):
        known = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        for name, value in raw.items():
            if name not in known:
                problems.append(f"{where}: the answer has {name}, which is not in the model")
            elif value is None:
                problems.append(f"{where}: {name} is null, AWS leaves it out")
            else:
                check_members(known[name], value, f"{where}.{name}")
    elif shape.type_name == "list" and isinstance(raw, list):
        for item in raw:
            check_members(shape.member, item, f"{where}[]")


def bounds(shape, size, where):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        problems.append(f"{where}: {size} is less than {low}")
    if high is not None and size > high:
        problems.append(f"{where}: {size} is more than {high}")


def fits(pattern, value):
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True  # Java's \p{L} and the like


class Checked:
    """A client whose every answer is held against the model."""

    def __init__(self, session, service, region, endpoint, attempts=3):
        # Three attempts: enough for an answer that is throttled once, and an error that lasts still shows.
        config = Config(retries={"mode": "standard", "total_max_attempts": attempts}, parameter_validation=False)
        self.client = session.client(service, region_name=region, endpoint_url=endpoint, config=config)
        self.model = self.client.meta.service_model
        self.names = {value: key for key, value in self.client.meta.method_to_api_mapping.items()}
        self.calls = self.probes = 0
        if "json" in self.model.metadata["protocol"]:
            self.client.meta.events.register(f"before-parse.{service}.*", self.look)

    def look(self, operation_model, response_dict, **_):
        if response_dict["status_code"] == 200:
            check_members(operation_model.output_shape, json.loads(response_dict["body"]), operation_model.name)

    def call(self, operation, **given):
        self.calls += 1
        answer = getattr(self.client, self.names[operation])(**given)
        check(self.model.operation_model(operation).output_shape, answer, operation)
        if not answer["ResponseMetadata"].get("RequestId"):
            problems.append(f"{operation}: no request id")
        return answer

    def every(self, operation, member, token_member=None, **given):
        found, token, seen = [], None, set()
        members = self.model.operation_model(operation).input_shape.members
        token_member = token_member or ("nextToken" if "nextToken" in members else "NextToken")
        while True:
            answer = self.call(operation, **given, **({token_member: token} if token else {}))
            found += answer.get(member, [])
            token = answer.get(token_member)
            if answer.get("IsTruncated", bool(token)) != bool(token):
                problems.append(f"{operation}: IsTruncated does not go with {token_member}")
            if not token:
                return found
            if token in seen:
                problems.append(f"{operation}: the token {token} came twice")
                return found
            seen.add(token)

    def probe(self, operation, valid, refusal="InvalidInputException"):
        """Sends what the model forbids, one member at a time; each must be refused with this error."""
        shape = self.model.operation_model(operation).input_shape
        for name, member in (shape.members if shape else {}).items():
            wrong = []
            if name in shape.required_members:
                wrong.append({key: value for key, value in valid.items() if key != name})
            if member.type_name == "integer":
                wrong += [{**valid, name: member.metadata["min"] - 1}, {**valid, name: member.metadata["max"] + 1}]
            if member.type_name == "string" and (member.enum or member.metadata.get("pattern", "[\\s\\S]*") != "[\\s\\S]*"):
                wrong.append({**valid, name: "!"})
            if member.type_name == "string" and member.metadata.get("max", 0) > 1:
                wrong.append({**valid, name: "1" * (member.metadata["max"] + 1)})
            for given in wrong:
                self.probes += 1
                code = self.error(operation, **given)
                if code != refusal:
                    problems.append(f"{operation}: {given} gives {code}, not {refusal}")

    def error(self, operation, **given):
        try:
            self.call(operation, **given)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            declared = {shape.metadata.get("error", {}).get("code", shape.name)
                        for shape in self.model.operation_model(operation).error_shapes}
            if declared and code not in declared | COMMON_ERRORS:
                problems.append(f"{operation}: {code} is not an error of this operation")
            return code
        return None

    def expect(self, code, operation, **given):
        """Sends what must be refused with this code; None: what must be answered."""
        self.probes += 1
        actual = self.error(operation, **given)
        if actual != code:
            problems.append(f"{operation}: {given} gives {actual}, not {code}")


def iam_facts(client, facts):
    """IAM's own view; whether it may have one is said by Organizations."""
    if facts["feature_set"] != "ALL":
        refusal = "OrganizationNotInAllFeaturesModeException"
    else:
        refusal = None if "iam.amazonaws.com" in facts["service_access"] else "ServiceAccessNotEnabledException"
    client.expect(refusal, "ListOrganizationsFeatures")
    features = [] if refusal else client.call("ListOrganizationsFeatures")["EnabledFeatures"]
    linked = {"PathPrefix": "/aws-service-role/"}
    roles = client.every("ListRoles", "Roles", token_member="Marker", MaxItems=1, **linked)
    if roles != client.every("ListRoles", "Roles", token_member="Marker", MaxItems=1000, **linked):
        problems.append("ListRoles: pages of one role are not what one page is")
    for role in roles:
        principal = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
        if role["Path"] != f"/aws-service-role/{principal}/" or not role["Arn"].endswith(role["Path"] + role["RoleName"]):
            problems.append(f"ListRoles: {role['Arn']} is not where its principal says")
    if client.every("ListRoles", "Roles", token_member="Marker", PathPrefix="/nowhere/"):
        problems.append("ListRoles: PathPrefix does not filter")
    for wrong in ({"MaxItems": 0}, {"MaxItems": 1001}, {"Marker": "broken"}, {"PathPrefix": "nowhere"}):
        client.expect("ValidationError", "ListRoles", **wrong)
    return {"features": features, "roles": sorted(role["RoleName"] for role in roles)}


def cloudtrail_facts(client, region):
    trails = client.call("DescribeTrails", includeShadowTrails=False)["trailList"]
    with_shadows = client.call("DescribeTrails")["trailList"]
    for trail in trails:
        if trail["HomeRegion"] != region:
            problems.append(f"DescribeTrails: {trail['Name']} is a shadow in {region}")
        by_name = client.call("DescribeTrails", trailNameList=[trail["Name"]])["trailList"]
        by_arn = client.call("DescribeTrails", trailNameList=[trail["TrailARN"]])["trailList"]
        if trail not in with_shadows or by_name != [trail] or by_arn != [trail]:
            problems.append(f"DescribeTrails: {trail['Name']} is not the same under its name and its ARN")
        if client.call("GetTrailStatus", Name=trail["Name"])["IsLogging"] is None:
            problems.append(f"GetTrailStatus: nothing on {trail['Name']}")
    for trail in with_shadows:
        client.call("GetTrailStatus", Name=trail["TrailARN"])
        if trail not in trails:
            client.expect("TrailNotFoundException", "GetTrailStatus", Name=trail["Name"])
    client.expect("TrailNotFoundException", "GetTrailStatus", Name="not-there")
    client.expect("InvalidTrailNameException", "GetTrailStatus", Name="!")
    client.expect("CloudTrailARNInvalidException", "GetTrailStatus", Name="arn:aws:s3:::bucket")

    stores = client.every("ListEventDataStores", "EventDataStores", MaxResults=1)
    if stores != client.every("ListEventDataStores", "EventDataStores"):
        problems.append("ListEventDataStores: pages of one store are not what one page is")
    for store in stores:
        by_arn = client.call("GetEventDataStore", EventDataStore=store["EventDataStoreArn"])
        by_id = client.call("GetEventDataStore", EventDataStore=store["EventDataStoreArn"].split("/")[1])
        if {**by_arn, "ResponseMetadata": None} != {**by_id, "ResponseMetadata": None} or by_arn["Name"] != store["Name"]:
            problems.append(f"GetEventDataStore: {store['Name']} is not the same under its ARN and its ID")
    client.expect("InvalidMaxResultsException", "ListEventDataStores", MaxResults=1001)
    client.expect("InvalidNextTokenException", "ListEventDataStores", NextToken="broken")
    client.expect("EventDataStoreNotFoundException", "GetEventDataStore", EventDataStore="not-there")
    client.expect("EventDataStoreARNInvalidException", "GetEventDataStore", EventDataStore="arn:aws:s3:::bucket")
    events = event_history(client, region)
    return {"trails": [trail["Name"] for trail in trails], "event_data_stores": [store["Name"] for store in stores],
            "events": [event["EventName"] for event in events]}


# What each event is found by: the member of the event, or of its record.
EVENT_ATTRIBUTES = {
    "EventId": lambda event: event["EventId"],
    "EventName": lambda event: event["EventName"],
    "EventSource": lambda event: event["EventSource"],
    "ReadOnly": lambda event: event["ReadOnly"],
    "Username": lambda event: event.get("Username"),
    "AccessKeyId": lambda event: event.get("AccessKeyId"),
}


def event_history(client, region):
    events = client.every("LookupEvents", "Events")
    if events != client.every("LookupEvents", "Events", MaxResults=1):
        problems.append(f"LookupEvents: in {region} pages of one event are not what one page is")
    times = [event["EventTime"] for event in events]
    if times != sorted(times, reverse=True):
        problems.append(f"LookupEvents: in {region} the newest is not first")
    for event in events:
        record = json.loads(event["CloudTrailEvent"])
        same = {"eventID": event["EventId"], "eventName": event["EventName"], "eventSource": event["EventSource"],
                "readOnly": event["ReadOnly"] == "true", "awsRegion": region,
                "eventTime": event["EventTime"].astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}
        if {**record, **same} != record:
            problems.append(f"LookupEvents: the record of {event['EventId']} is of something else")
        if event["EventTime"] not in [found["EventTime"] for found in client.every(
                "LookupEvents", "Events", StartTime=event["EventTime"], EndTime=event["EventTime"])]:
            problems.append(f"LookupEvents: {event['EventId']} is not in the second that it happened in")
        for key, value_of in EVENT_ATTRIBUTES.items():
            value = value_of(event)
            if value is None:
                continue
            found = client.every("LookupEvents", "Events", LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}])
            if found != [other for other in events if value_of(other) == value]:
                problems.append(f"LookupEvents: {key} {value} finds something else")
    if len(events) > 1:
        token = client.call("LookupEvents", MaxResults=1)["NextToken"]
        client.expect("InvalidNextTokenException", "LookupEvents", MaxResults=2, NextToken=token)
    attribute = {"AttributeKey": "EventName", "AttributeValue": "ListAccounts"}
    now = datetime.datetime.now(datetime.timezone.utc)
    for code, given in (
        ("InvalidMaxResultsException", {"MaxResults": 0}),
        ("InvalidMaxResultsException", {"MaxResults": 51}),
        ("InvalidNextTokenException", {"NextToken": "broken"}),
        ("InvalidEventCategoryException", {"EventCategory": "data"}),
        ("InvalidLookupAttributesException", {"LookupAttributes": [{**attribute, "AttributeKey": "EventTime"}]}),
        ("InvalidLookupAttributesException", {"LookupAttributes": [{**attribute, "AttributeValue": "1" * 2001}]}),
        ("InvalidLookupAttributesException", {"LookupAttributes": [attribute, attribute]}),
        ("InvalidTimeRangeException", {"StartTime": now, "EndTime": now - datetime.timedelta(seconds=1)}),
    ):
        client.expect(code, "LookupEvents", **given)
    return events


def ipam_facts(client):
    ipams = client.every("DescribeIpams", "Ipams", MaxResults=5)
    if ipams != client.every("DescribeIpams", "Ipams"):
        problems.append("DescribeIpams: pages of five are not what one page is")
    for ipam in ipams:
        if client.call("DescribeIpams", IpamIds=[ipam["IpamId"]])["Ipams"] != [ipam]:
            problems.append(f"DescribeIpams: {ipam['IpamId']} is not what the list says")
    client.expect("InvalidIpamId.NotFound", "DescribeIpams", IpamIds=["ipam-0"])
    client.expect("InvalidParameterValue", "DescribeIpams", MaxResults=4)
    client.expect("InvalidNextToken", "DescribeIpams", NextToken="broken")
    client.expect("DryRunOperation", "DescribeIpams", DryRun=True)
    return [ipam["IpamId"] for ipam in ipams]


def networkmanager_facts(client):
    access = client.call("ListOrganizationServiceAccessStatus")["OrganizationStatus"]
    for wrong in ({"MaxResults": 0}, {"MaxResults": 501}, {"NextToken": "broken"}):
        client.expect("ValidationException", "ListOrganizationServiceAccessStatus", **wrong)
    accounts, given = [], {"MaxResults": 1}
    while True:
        page = client.call("ListOrganizationServiceAccessStatus", **given)
        accounts += page["OrganizationStatus"]["AccountStatusList"]
        if not page.get("NextToken"):
            break
        given["NextToken"] = page["NextToken"]
    if accounts[:500] != access["AccountStatusList"]:
        problems.append("ListOrganizationServiceAccessStatus: pages of one account are not what one page is")
    return {"status": access["OrganizationAwsServiceAccessStatus"], "accounts": len(accounts)}


def organization(client, tags):
    described = client.call("DescribeOrganization")["Organization"]
    roots = client.every("ListRoots", "Roots")
    accounts = client.every("ListAccounts", "Accounts")
    facts = {
        "id": described["Id"],
        "feature_set": described["FeatureSet"],
        "management_account_id": described["MasterAccountId"],
        "accounts": sorted(account["Id"] for account in accounts),
        "policy_types": [kind["Type"] for kind in roots[0]["PolicyTypes"]],
    }

    units, parents, walked = [], [roots[0]["Id"]], []
    while parents:
        parent = parents.pop()
        children = client.every("ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=parent)
        units += children
        parents += [child["Id"] for child in children]
        walked += [account["Id"] for account in client.every("ListAccountsForParent", "Accounts", ParentId=parent)]
        for kind in ("ACCOUNT", "ORGANIZATIONAL_UNIT"):
            client.every("ListChildren", "Children", ParentId=parent, ChildType=kind)
    if sorted(walked) != facts["accounts"]:
        problems.append("ListAccountsForParent: the walk does not find the accounts of ListAccounts")
    facts["organizational_units"] = sorted(unit["Name"] for unit in units)

    for account in accounts[:25]:
        same = client.call("DescribeAccount", AccountId=account["Id"])["Account"]
        if same != account:
            problems.append(f"DescribeAccount: {account['Id']} is not what ListAccounts says")
        parent = client.every("ListParents", "Parents", ChildId=account["Id"])[0]
        if account.get("Paths") and parent["Id"] not in account["Paths"][0]:
            problems.append(f"ListParents: {account['Id']} is not where its path says")
        if tags:
            client.every("ListTagsForResource", "Tags", ResourceId=account["Id"])
    for unit in units[:25]:
        client.call("DescribeOrganizationalUnit", OrganizationalUnitId=unit["Id"])

    facts["policies"], facts["targets"] = {}, 0
    for kind in facts["policy_types"]:
        for policy in client.every("ListPolicies", "Policies", Filter=kind):
            text = client.call("DescribePolicy", PolicyId=policy["Id"])["Policy"]["Content"]
            targets = client.every("ListTargetsForPolicy", "Targets", PolicyId=policy["Id"])
            facts["policies"][policy["Id"]] = {"targets": len(targets), "bytes": len(text)}
            facts["targets"] += len(targets)
            for target in targets[:2]:
                back = client.every("ListPoliciesForTarget", "Policies", TargetId=target["TargetId"], Filter=kind)
                if policy["Id"] not in [other["Id"] for other in back]:
                    problems.append(f"ListPoliciesForTarget: {target['TargetId']} does not name {policy['Id']}")

    facts["handshakes"] = len(client.every("ListHandshakesForOrganization", "Handshakes"))
    facts["create_account_statuses"] = len(client.every("ListCreateAccountStatus", "CreateAccountStatuses"))
    if described["FeatureSet"] == "ALL":
        access = client.every("ListAWSServiceAccessForOrganization", "EnabledServicePrincipals")
        facts["service_access"] = sorted(service["ServicePrincipal"] for service in access)
        facts["delegations"] = {
            delegate["Id"]: sorted(
                service["ServicePrincipal"]
                for service in client.every("ListDelegatedServicesForAccount", "DelegatedServices", AccountId=delegate["Id"])
            )
            for delegate in client.every("ListDelegatedAdministrators", "DelegatedAdministrators")
        }
        try:
            policy = client.call("DescribeResourcePolicy")["ResourcePolicy"]
            facts["resource_policy_statements"] = len(json.loads(policy["Content"])["Statement"])
        except client.client.exceptions.ResourcePolicyNotFoundException:
            facts["resource_policy_statements"] = None
    account, root = described["MasterAccountId"], roots[0]["Id"]
    valid = {
        "ListAccountsForParent": {"ParentId": root},
        "ListOrganizationalUnitsForParent": {"ParentId": root},
        "ListChildren": {"ParentId": root, "ChildType": "ACCOUNT"},
        "ListParents": {"ChildId": account},
        "DescribeAccount": {"AccountId": account},
        "DescribeOrganizationalUnit": {"OrganizationalUnitId": "ou-exam-12345678"},
        "ListPolicies": {"Filter": "TAG_POLICY"},
        "DescribePolicy": {"PolicyId": "p-FullAWSAccess"},
        "ListTargetsForPolicy": {"PolicyId": "p-FullAWSAccess"},
        "ListPoliciesForTarget": {"TargetId": root, "Filter": "TAG_POLICY"},
        "ListDelegatedServicesForAccount": {"AccountId": account},
        "ListTagsForResource": {"ResourceId": root},
    }
    for operation in OPERATIONS:
        client.probe(operation, valid.get(operation, {}))
    facts["probes"] = client.probes

    facts["errors"] = {
        "ListAccounts, broken token": client.error("ListAccounts", NextToken="broken"),
        "DescribePolicy, unknown": client.error("DescribePolicy", PolicyId="p-doesnotexist"),
        "DescribeAccount, unknown": client.error("DescribeAccount", AccountId="000000000000"),
        "ListAccountsForParent, unknown": client.error("ListAccountsForParent", ParentId="r-nothere"),
    }
    return facts


def administrators(session, member_session, service, regions, endpoint):
    """Asks a service in every enabled Region, and holds its errors, and where it is not, against botocore."""
    operation = "ListOrganizationAdminAccounts"
    members, account, wrong_input, refused = ADMINISTRATORS[service]
    there = session.get_available_regions(service)
    found = {}
    for region in regions:
        client = Checked(session, service, region, endpoint, attempts=3 if region in there else 1)
        try:
            found[region] = [administrator[account] for administrator in client.every(operation, members)]
        except ClientError as error:
            # Never switched on there, which is an answer of the service.
            found[region] = client.error(operation)
            if found[region] != refused:
                problems.append(f"{service}: in {region} it says {error}")
        except ConnectionClosedError:
            found[region] = None
        if (found[region] is None) == (region in there):
            problems.append(f"{service}: in {region} it is {found[region]}, botocore says {region in there}")
    client = Checked(session, service, "us-east-1", endpoint)
    client.probe(operation, {}, wrong_input)
    token = "nextToken" if service == "macie2" else "NextToken"
    member = Checked(member_session, service, "us-east-1", endpoint)
    for what, code, wanted in (
        ("a broken token", client.error(operation, **{token: "broken"}), wrong_input),
        ("a member", member.error(operation), refused),
    ):
        if code != wanted:
            problems.append(f"{service}: {what} gives {code}, not {wanted}")
    if service == "securityhub":
        v2 = client.call(operation, Feature="SecurityHubV2")
        if v2["Feature"] != "SecurityHubV2" or any("Status" in each for each in v2["AdminAccounts"]):
            problems.append(f"securityhub: V2 answers {v2}")
        found["V2"] = [each["AccountId"] for each in v2["AdminAccounts"]]
    return found


def inspector2(client):
    listed = client.every("ListDelegatedAdminAccounts", "delegatedAdminAccounts")
    client.probe("ListDelegatedAdminAccounts", {}, refusal="ValidationException")
    found = {"listed": listed}
    try:
        found["named"] = client.call("GetDelegatedAdminAccount")["delegatedAdmin"]
    except ClientError:
        found["error"] = client.error("GetDelegatedAdminAccount")
    return found


def auditmanager(client):
    try:
        found = client.call("GetOrganizationAdminAccount")
        return {name: found.get(name) for name in ("adminAccountId", "organizationId")}
    except ClientError:
        return {"error": client.error("GetOrganizationAdminAccount")}


def fms(client):
    found = {}
    try:
        found["administrators"] = client.every("ListAdminAccountsForOrganization", "AdminAccounts", MaxResults=3)
        for administrator in found["administrators"]:
            scope = client.call("GetAdminScope", AdminAccount=administrator["AdminAccount"])
            administrator["Regions"] = scope["AdminScope"]["RegionScope"]["Regions"]
    except ClientError:
        found["error"] = client.error("ListAdminAccountsForOrganization")
    try:
        default = client.call("GetAdminAccount")
        found["default"] = {name: default.get(name) for name in ("AdminAccount", "RoleStatus")}
    except ClientError:
        found["default"] = client.error("GetAdminAccount")
    client.probe("ListAdminAccountsForOrganization", {}, refusal="ValidationException")
    client.probe("GetAdminScope", {"AdminAccount": "000000000000"}, refusal="ValidationException")
    found["unknown"] = client.error("GetAdminScope", AdminAccount="000000000000")
    return found


def settings(region, endpoint, administrator, stranger):
    """What the administrators of a Region see there, each with what somebody else gets who asks the same."""
    operation, found = "DescribeOrganizationConfiguration", {}

    def asked(service, refused, given=lambda client: {}):
        account = administrator(service, region)
        if account is None:
            return None
        client = Checked(as_account(account), service, region, endpoint)
        parameters = given(client)
        answer = client.call(operation, **parameters)
        answer.pop("ResponseMetadata")
        Checked(as_account(stranger), service, region, endpoint).expect(refused, operation, **parameters)
        found[service] = answer
        return client

    def detector(client):
        return {"DetectorId": client.every("ListDetectors", "DetectorIds")[0]}

    client = asked("guardduty", "BadRequestException", detector)
    if client:
        given = detector(client)
        if client.every(operation, "Features", MaxResults=3, **given) != found["guardduty"]["Features"]:
            problems.append(f"guardduty: pages of three features are not what one page is in {region}")
        for wrong in ({"MaxResults": 0}, {"MaxResults": 51}, {"NextToken": "broken"}, {"DetectorId": "0" * 32}):
            client.expect("BadRequestException", operation, **{**given, **wrong})
    client = asked("securityhub", "InvalidAccessException")
    if client:
        for aggregator in client.every("ListFindingAggregators", "FindingAggregators", MaxResults=1):
            answer = client.call("GetFindingAggregator", **aggregator)
            found["home_region"] = answer["FindingAggregationRegion"]
        client.expect("ResourceNotFoundException", "GetFindingAggregator", FindingAggregatorArn="arn:aws:securityhub:nowhere")
        client.probe("ListFindingAggregators", {})
        if client.error("DescribeSecurityHubV2") not in (None, "ResourceNotFoundException"):
            problems.append(f"securityhub: V2 is refused in {region}")
    asked("macie2", "AccessDeniedException")
    asked("inspector2", "AccessDeniedException")

    def graph(client):
        return {"GraphArn": client.every("ListGraphs", "GraphList", MaxResults=1)[0]["Arn"]}

    client = asked("detective", "AccessDeniedException", graph)
    if client:
        client.probe("ListGraphs", {}, refusal="ValidationException")
        client.probe(operation, graph(client), refusal="ValidationException")
    return found


def lakes(region, endpoint, delegate, stranger):
    client = Checked(as_account(delegate), "securitylake", region, endpoint)
    found = client.call("ListDataLakes")["dataLakes"]
    if client.call("ListDataLakes", regions=[lake["region"] for lake in found])["dataLakes"] != found:
        problems.append(f"securitylake: the lakes by Region are not all lakes in {region}")
    client.expect("BadRequestException", "ListDataLakes", regions=["nowhere"])
    other = Checked(as_account(stranger), "securitylake", region, endpoint)
    other.expect("AccessDeniedException", "ListDataLakes")
    other.expect("AccessDeniedException", "GetDataLakeOrganizationConfiguration")
    code = client.error("GetDataLakeOrganizationConfiguration")
    enabled = [] if code else client.call("GetDataLakeOrganizationConfiguration")["autoEnableNewAccount"]
    if code not in (None, "ResourceNotFoundException"):
        problems.append(f"securitylake: the delegate gets {code} in {region}")
    return {"lakes": [lake["region"] for lake in found], "new_accounts": [each["region"] for each in enabled]}


def aggregators_and_analyzers(region, endpoint, account):
    config = Checked(as_account(account), "config", region, endpoint)
    aggregators = config.every("DescribeConfigurationAggregators", "ConfigurationAggregators", Limit=1)
    if aggregators != config.every("DescribeConfigurationAggregators", "ConfigurationAggregators"):
        problems.append("DescribeConfigurationAggregators: pages of one are not what one page is")
    names = [aggregator["ConfigurationAggregatorName"] for aggregator in aggregators]
    for code, wrong in (
        ("NoSuchConfigurationAggregatorException", {"ConfigurationAggregatorNames": [*names, "nowhere"]}),
        ("InvalidLimitException", {"Limit": 101}),
        ("InvalidNextTokenException", {"NextToken": "broken"}),
        ("ValidationException", {"ConfigurationAggregatorNames": ["no name"]}),
    ):
        config.expect(code, "DescribeConfigurationAggregators", **wrong)
    client = Checked(as_account(account), "accessanalyzer", region, endpoint)
    analyzers = client.every("ListAnalyzers", "analyzers", maxResults=1)
    if analyzers != client.every("ListAnalyzers", "analyzers"):
        problems.append("ListAnalyzers: pages of one are not what one page is")
    for analyzer in analyzers:
        if "configuration" in analyzer or analyzer not in client.every("ListAnalyzers", "analyzers", type=analyzer["type"]):
            problems.append(f"ListAnalyzers: {analyzer['arn']} is not what its type says")
    for wrong in ({"type": "!"}, {"nextToken": "broken"}):
        client.expect("ValidationException", "ListAnalyzers", **wrong)
    return {"aggregators": names, "analyzers": [analyzer["name"] for analyzer in analyzers]}


@functools.cache
def as_account(account):
    """One session per account: each reads the models of its services anew."""
    return boto3.Session(f"AKIA{account}TEST", "not-a-secret", region_name="us-east-1")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("endpoint")
    arguments.add_argument("--account", default="111122223333", help="whose credentials to use")
    arguments.add_argument("--no-tags", action="store_true", help="no ListTagsForResource")
    given = arguments.parse_args()
    session = boto3.Session(
        aws_access_key_id=f"AKIA{given.account}TEST",
        aws_secret_access_key="not-a-secret",
        region_name="us-east-1",
    )

    facts = {}
    sts = Checked(session, "sts", "us-east-1", given.endpoint)
    identity = sts.call("GetCallerIdentity")
    facts["caller"] = {"account": identity["Account"], "arn": identity["Arn"]}

    ec2 = Checked(session, "ec2", "us-east-1", given.endpoint)
    regions = ec2.call("DescribeRegions", AllRegions=True)["Regions"]
    enabled = sorted(region["RegionName"] for region in ec2.call("DescribeRegions")["Regions"])
    facts["regions"] = {"all": len(regions), "enabled": enabled}

    client = Checked(session, "organizations", "us-east-1", given.endpoint)
    if client.error("DescribeOrganization") == "AWSOrganizationsNotInUseException":
        facts["organization"] = None
    else:
        facts["organization"] = organization(client, not given.no_tags)
        facts["guardduty"] = {}
        for region in enabled:
            guardduty = Checked(session, "guardduty", region, given.endpoint)
            found = guardduty.every("ListOrganizationAdminAccounts", "AdminAccounts")
            facts["guardduty"][region] = [admin["AdminAccountId"] for admin in found]
            guardduty.every("ListDetectors", "DetectorIds")
        member = next(id for id in facts["organization"]["accounts"] if id != given.account)
        member_session = as_account(member)
        for service in ADMINISTRATORS:
            facts[service] = administrators(session, member_session, service, enabled, given.endpoint)
        facts["iam"] = iam_facts(Checked(session, "iam", "us-east-1", given.endpoint), facts["organization"])
        networkmanager = Checked(session, "networkmanager", "us-west-2", given.endpoint)
        facts["networkmanager"] = networkmanager_facts(networkmanager)
        facts["cloudtrail"], facts["ipams"] = {}, {}
        for region in enabled:
            cloudtrail = Checked(session, "cloudtrail", region, given.endpoint)
            facts["cloudtrail"][region] = cloudtrail_facts(cloudtrail, region)
            facts["ipams"][region] = ipam_facts(Checked(session, "ec2", region, given.endpoint))
        # In the Regions where they are; elsewhere the connection ends.
        for name, read in (("inspector2", inspector2), ("auditmanager", auditmanager)):
            there = session.get_available_regions(name, partition_name=session.get_partition_for_region(enabled[0]))
            facts[name] = {
                region: read(Checked(session, name, region, given.endpoint)) for region in enabled if region in there
            }
        # One Region answers for the whole organization. botocore sends JSON 1.1, although the model names CBOR first.
        facts["fms"] = fms(Checked(session, "fms", "us-east-1", given.endpoint))
        facts["fms"]["elsewhere"] = Checked(session, "fms", "eu-west-1", given.endpoint).error("GetAdminAccount")

        def administrator(service, region):
            """Who it is, by what the management account was told; None where nobody is, or nobody could be asked."""
            listed = facts[service].get(region)
            if service == "inspector2":
                listed = [each["accountId"] for each in (listed or {}).get("listed", [])]
            return listed[0] if isinstance(listed, list) and listed else None

        holders = {administrator(service, region) for service in (*ADMINISTRATORS, "guardduty", "inspector2") for region in enabled}
        delegations = facts["organization"].get("delegations", {})
        everyone = facts["organization"]["accounts"]
        stranger = next(id for id in everyone if id not in holders and id not in delegations and id != given.account)
        facts["settings"] = {
            region: settings(region, given.endpoint, administrator, stranger) for region in enabled
        }
        delegates = {name: id for id, services in delegations.items() for name in services}
        lake, facts["securitylake"] = delegates.get("securitylake.amazonaws.com"), {}
        for region in session.get_available_regions("securitylake") if lake else ():
            if region in enabled:
                facts["securitylake"][region] = lakes(region, given.endpoint, lake, stranger)
        asking = delegates.get("config.amazonaws.com", given.account)
        facts["own"] = {region: aggregators_and_analyzers(region, given.endpoint, asking) for region in enabled}
        assumed = sts.call("AssumeRole", RoleArn=f"arn:aws:iam::{given.account}:role/Audit", RoleSessionName="check")
        keys = assumed["Credentials"]
        role = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], "us-east-1")
        facts["assumed"] = Checked(role, "sts", "us-east-1", given.endpoint).call("GetCallerIdentity")["Arn"]

    facts["calls"] = client.calls
    facts["problems"] = problems
    json.dump(facts, sys.stdout, indent=2, sort_keys=True)
    print()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
