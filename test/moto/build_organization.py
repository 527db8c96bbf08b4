"""Builds an organization in moto and prints, as JSON, the rows that a sync of it has to leave in PostgreSQL.

    build_organization.py build                 an organization from nothing
    build_organization.py change < facts.json   what happens to it afterwards, for a second sync

moto stands at AWS_ENDPOINT_URL. Ids and times are moto's, everything else is what was asked for: a row is written down when
its object is made, and never read back from the list call that the sync will use. At the end boto3 reads everything with
those list calls, so that a difference is known to be the sync's and not moto's.
"""

import json
import os
import sys
from datetime import datetime, timezone

import boto3

HOME = "us-east-1"

DELEGATES = {
    # Two administrators of one service, and one account with several services.
    "security": ["guardduty.amazonaws.com", "access-analyzer.amazonaws.com", "macie.amazonaws.com"],
    "log-archive": ["guardduty.amazonaws.com", "config-multiaccountsetup.amazonaws.com"],
    "operations": ["ssm.amazonaws.com"],
}

GUARDDUTY = {
    "us-east-1": ["security"],
    "eu-west-1": ["security"],
    # moto takes a second administrator; AWS would not.
    "us-west-2": ["log-archive", "security"],
}

TRUSTED = [
    "access-analyzer.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config-multiaccountsetup.amazonaws.com",
    "guardduty.amazonaws.com",
    "license-manager.member-account.amazonaws.com.",  # with a dot at the end, as moto has it
    "macie.amazonaws.com",
    "sso.amazonaws.com",
]

UNITS = [
    "/Security",
    "/Infrastructure",
    "/Infrastructure/Network",
    "/Infrastructure/Network/Transit",
    "/Infrastructure/Network/Transit/Hubs",
    "/Infrastructure/Network/Transit/Hubs/Deepest",  # the fifth level, the last that AWS allows
    "/Workloads",
    "/Workloads/Prod",
    "/Workloads/Network",  # the same name under another parent
    "/Sandbox 'n' Überbleibsel",
    "/Suspended",
    "/Empty",
]

# More than one page of 20 below one parent, and of accounts altogether.
ACCOUNTS = {
    "security": "/Security",
    "log-archive": "/Security",
    "operations": "/Infrastructure",
    "network": "/Infrastructure/Network",
    "deep": "/Infrastructure/Network/Transit/Hubs/Deepest",
    "workload network": "/Workloads/Network",
    "Zoë's \"quoted\" \\ 名前": "/Sandbox 'n' Überbleibsel",
    "leftover": "/Suspended",
    "at the root": "",
    **{f"workload-{number:02}": "/Workloads/Prod" for number in range(1, 24)},
}

ACCOUNT_TAGS = {
    "security": {"team": "infosec", "KEY with spaces": "a=b, c"},
    "network": {"team": "network", "cost-center": "0042", "empty": ""},
}


def allow(*actions):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


def deny(*actions):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Deny", "Effect": "Deny", "Action": list(actions), "Resource": "*"}],
    }


# name: (type, description, content, targets); a target is a path of UNITS, "" for the root, or "account:" and a name.
POLICIES = {
    "nobody-leaves": (
        "SERVICE_CONTROL_POLICY",
        "Members stay",
        json.dumps(deny("organizations:LeaveOrganization")),
        [""],
    ),
    "guard-the-guards": (
        "SERVICE_CONTROL_POLICY",
        'With "quotes", a newline\nand ünïcode',
        # Spaces and order have to come through.
        json.dumps(deny("guardduty:DeleteDetector", "guardduty:Disassociate*"), indent=2),
        ["/Workloads", "/Infrastructure/Network", "account:log-archive"],
    ),
    "only-data-perimeter": (
        "RESOURCE_CONTROL_POLICY",
        "",
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}],
            }
        ),
        ["/Workloads/Prod"],
    ),
    "tag-team": (
        "TAG_POLICY",
        "Every resource names its team",
        json.dumps({"tags": {"team": {"tag_key": {"@@assign": "team"}}}}),
        ["/Workloads", "account:security"],
    ),
    "no-training": (
        "AISERVICES_OPT_OUT_POLICY",
        "Opted out",
        json.dumps({"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}),
        [""],
    ),
    # With FullAWSAccess this makes 21 of one type: a second page. These are attached to nothing.
    **{
        f"unattached-{number:02}": (
            "SERVICE_CONTROL_POLICY",
            f"Number {number}",
            json.dumps(allow("ec2:*", f"s3:Get{number}*")),
            [],
        )
        for number in range(1, 19)
    },
}

# BACKUP_POLICY is enabled without a policy: an empty answer, not an error.
ENABLED_TYPES = [
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
]

AWS_MANAGED = {
    "p-FullAWSAccess": ("SERVICE_CONTROL_POLICY", "FullAWSAccess", "Allows access to every operation"),
    "p-RCPFullAWSAccess": ("RESOURCE_CONTROL_POLICY", "RCPFullAWSAccess", "Allows access to every resource"),
}


def client(service, region=HOME):
    return boto3.client(service, region_name=region, endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "")


def tag_list(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class Facts:
    """The rows by table, and the ids behind the names used above."""

    def __init__(self, state=None):
        state = state or {"tables": {}, "ids": {}, "account_id": None}
        self.tables = state["tables"]
        self.ids = state["ids"]
        self.account_id = state["account_id"]

    def add(self, table, **row):
        self.tables.setdefault(table, []).append(row)

    def remove(self, table, **where):
        rows = self.tables[table]
        kept = [row for row in rows if any(row[key] != value for key, value in where.items())]
        assert len(kept) < len(rows), f"{table} has no row {where}"
        self.tables[table] = kept

    def find(self, table, **where):
        (row,) = [row for row in self.tables[table] if all(row[key] == value for key, value in where.items())]
        return row

    def target(self, name):
        return self.ids[name if name.startswith("account:") else f"unit:{name}"]

    def print(self):
        json.dump({"account_id": self.account_id, "ids": self.ids, "tables": self.tables}, sys.stdout)


def attach(facts, organizations, policy_id, target, should_call=True):
    target_id = facts.target(target)
    if should_call:
        organizations.attach_policy(PolicyId=policy_id, TargetId=target_id)
    if target.startswith("account:"):
        row = facts.find("aws_organizations_accounts", id=target_id)
        kind = "ACCOUNT"
    elif target == "":
        row = facts.find("aws_organizations_roots", id=target_id)
        kind = "ROOT"
    else:
        row = facts.find("aws_organizations_organizational_units", id=target_id)
        kind = "ORGANIZATIONAL_UNIT"
    facts.add(
        "aws_organizations_policy_targets",
        account_id=facts.account_id,
        policy_id=policy_id,
        target_id=target_id,
        arn=row["arn"],
        name=row["name"],
        target_type=kind,
    )


def build():
    facts = Facts()
    organizations = client("organizations")
    me = facts.account_id = client("sts").get_caller_identity()["Account"]

    made = organizations.create_organization(FeatureSet="ALL")["Organization"]
    prefix = f"arn:aws:organizations::{me}"
    facts.add(
        "aws_organizations",
        request_account_id=me,
        arn=f"{prefix}:organization/{made['Id']}",
        feature_set="ALL",
        id=made["Id"],
        master_account_arn=f"{prefix}:account/{made['Id']}/{me}",
        master_account_email=made["MasterAccountEmail"],
        master_account_id=me,
    )

    root_id = organizations.list_roots()["Roots"][0]["Id"]
    for policy_type in ENABLED_TYPES:
        organizations.enable_policy_type(RootId=root_id, PolicyType=policy_type)
    organizations.tag_resource(ResourceId=root_id, Tags=tag_list({"owner": "platform"}))
    facts.ids["unit:"] = root_id
    facts.add(
        "aws_organizations_roots",
        request_account_id=me,
        arn=f"{prefix}:root/{made['Id']}/{root_id}",
        id=root_id,
        name="Root",
        policy_types=[{"Type": policy_type, "Status": "ENABLED"} for policy_type in ENABLED_TYPES],
        tags={"owner": "platform"},
    )

    def child(table, id, parent):
        parent_id = facts.target(parent)
        facts.add(
            table,
            request_account_id=me,
            id=id,
            parent_id=parent_id,
            type="ROOT" if parent == "" else "ORGANIZATIONAL_UNIT",
        )
        return parent_id

    for path in UNITS:
        parent, name = path.rsplit("/", 1)
        unit = organizations.create_organizational_unit(
            ParentId=facts.target(parent), Name=name
        )["OrganizationalUnit"]
        facts.ids[f"unit:{path}"] = unit["Id"]
        parent_id = child("aws_organizations_organizational_unit_parents", unit["Id"], parent)
        facts.add(
            "aws_organizations_organizational_units",
            request_account_id=me,
            arn=f"{prefix}:ou/{made['Id']}/{unit['Id']}",
            id=unit["Id"],
            name=name,
            parent_id=parent_id,
            ou_path=path,
        )

    def account(id, name, email, joined, path, tags):
        parent_id = child("aws_organizations_account_parents", id, path)
        facts.ids[f"account:{name}"] = id
        facts.add(
            "aws_organizations_accounts",
            request_account_id=me,
            arn=f"{prefix}:account/{made['Id']}/{id}",
            id=id,
            email=email,
            name=name,
            status="ACTIVE",
            state="ACTIVE",
            joined_method="CREATED",
            joined_timestamp=joined,
            parent_id=parent_id,
            ou_path=path or "/",
            tags=tags,
        )

    management = organizations.describe_account(AccountId=me)["Account"]
    account(me, "master", management["Email"], iso(management["JoinedTimestamp"]), "", {})
    for number, (name, path) in enumerate(ACCOUNTS.items()):
        email = f"account+{number}@example.com"
        tags = ACCOUNT_TAGS.get(name, {})
        status = organizations.create_account(Email=email, AccountName=name, Tags=tag_list(tags))[
            "CreateAccountStatus"
        ]
        if path != "":
            organizations.move_account(
                AccountId=status["AccountId"], SourceParentId=root_id, DestinationParentId=facts.target(path)
            )
        account(status["AccountId"], name, email, iso(status["CompletedTimestamp"]), path, tags)

    everything = [""] + UNITS + [f"account:{name}" for name in ["master", *ACCOUNTS]]
    for policy_id, (policy_type, name, description) in AWS_MANAGED.items():
        facts.add(
            "aws_organizations_policies",
            account_id=me,
            arn=f"{prefix}:policy/{made['Id']}/{policy_type.lower()}/{policy_id}",
            id=policy_id,
            name=name,
            description=description,
            type=policy_type,
            # Whether the text of AWS's own policies is read is the sync's choice: no content here.
            aws_managed=True,
        )
        for target in everything:
            attach(facts, organizations, policy_id, target, should_call=False)
    for name, (policy_type, description, text, targets) in POLICIES.items():
        policy_id = organizations.create_policy(
            Name=name, Type=policy_type, Description=description, Content=text, Tags=tag_list({"policy": name})
        )["Policy"]["PolicySummary"]["Id"]
        facts.ids[f"policy:{name}"] = policy_id
        facts.add(
            "aws_organizations_policies",
            account_id=me,
            arn=f"{prefix}:policy/{made['Id']}/{policy_type.lower()}/{policy_id}",
            id=policy_id,
            name=name,
            description=description,
            type=policy_type,
            aws_managed=False,
            content=json.loads(text),
            content_text=text,
        )
        for target in targets:
            attach(facts, organizations, policy_id, target)

    for principal in TRUSTED:
        organizations.enable_aws_service_access(ServicePrincipal=principal)
    # moto gives the time of neither call back; the list is the only place.
    enabled = {
        service["ServicePrincipal"]: iso(service["DateEnabled"])
        for service in organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    }
    for principal in TRUSTED:
        facts.add(
            "aws_organizations_service_access",
            account_id=me,
            service_principal=principal,
            date_enabled=enabled[principal],
        )

    for name, principals in DELEGATES.items():
        for principal in principals:
            delegate(facts, organizations, name, principal)

    for region, names in GUARDDUTY.items():
        for name in names:
            id = facts.target(f"account:{name}")
            client("guardduty", region).enable_organization_admin_account(AdminAccountId=id)
            facts.add(
                "aws_guardduty_organization_admin_accounts",
                account_id=me,
                region=region,
                admin_account_id=id,
                admin_status="ENABLED",
            )

    for region in ("us-east-1", "eu-west-1"):
        id = facts.target("account:security")
        client("macie2", region).enable_organization_admin_account(adminAccountId=id)
        facts.add(
            "aws_macie2_organization_admin_accounts",
            account_id=me,
            region=region,
            admin_account_id=id,
            admin_status="ENABLED",
        )

    client("s3").create_bucket(Bucket="trail-logs")
    for name, region in (("everything", "us-east-1"), ("only-here", "eu-west-1")):
        trail = client("cloudtrail", region).create_trail(
            Name=name, S3BucketName="trail-logs", IsMultiRegionTrail=name == "everything"
        )
        if name == "everything":
            client("cloudtrail", region).start_logging(Name=name)
        facts.add(
            "aws_cloudtrail_trails",
            account_id=me,
            region=region,
            trail_arn=trail["TrailARN"],
            name=name,
            home_region=region,
            is_multi_region_trail=name == "everything",
            is_logging=name == "everything",
            s3_bucket_name="trail-logs",
        )

    role = client("iam").create_service_linked_role(AWSServiceName="cloudtrail.amazonaws.com")["Role"]
    facts.add(
        "aws_iam_service_linked_roles",
        account_id=me,
        arn=role["Arn"],
        role_name=role["RoleName"],
        role_id=role["RoleId"],
        path=role["Path"],
    )

    # moto answers with the Regions of all partitions, which no account can see.
    for region in client("ec2").describe_regions(AllRegions=True)["Regions"]:
        if not region["RegionName"].startswith(("us-gov-", "cn-")):
            facts.add(
                "aws_ec2_regions",
                account_id=me,
                region_name=region["RegionName"],
                endpoint=region["Endpoint"],
                opt_in_status=region["OptInStatus"],
            )

    # What a sync of this organization must find nothing of.
    facts.tables["aws_organization_resource_policies"] = []
    facts.tables["aws_organization_resource_policy_statements"] = []
    facts.tables["aws_organizations_handshakes"] = []
    verify(facts)
    return facts


def delegate(facts, organizations, name, principal):
    me = facts.account_id
    account = facts.find("aws_organizations_accounts", id=facts.target(f"account:{name}"))
    organizations.register_delegated_administrator(AccountId=account["id"], ServicePrincipal=principal)
    since = {
        service["ServicePrincipal"]: iso(service["DelegationEnabledDate"])
        for service in organizations.list_delegated_services_for_account(AccountId=account["id"])[
            "DelegatedServices"
        ]
    }[principal]
    table = "aws_organizations_delegated_administrators"
    if not any(row["id"] == account["id"] for row in facts.tables.get(table, [])):
        (listed,) = [
            row
            for row in organizations.list_delegated_administrators()["DelegatedAdministrators"]
            if row["Id"] == account["id"]
        ]
        columns = ["arn", "id", "email", "name", "status", "state", "joined_method", "joined_timestamp"]
        facts.add(
            table,
            account_id=me,
            **{column: account[column] for column in columns},
            delegation_enabled_date=iso(listed["DelegationEnabledDate"]),
        )
    facts.add(
        "aws_organizations_delegated_services",
        account_id=me,
        delegated_account_id=account["id"],
        service_principal=principal,
        delegation_enabled_date=since,
    )


def change(facts):
    """Each kind of change once: gone, moved, renamed, closed, new."""
    organizations = client("organizations")
    id = facts.ids

    organizations.deregister_delegated_administrator(
        AccountId=id["account:operations"], ServicePrincipal="ssm.amazonaws.com"
    )
    facts.remove("aws_organizations_delegated_services", delegated_account_id=id["account:operations"])
    facts.remove("aws_organizations_delegated_administrators", id=id["account:operations"])

    # One of two administrators of a service goes, the other stays.
    organizations.deregister_delegated_administrator(
        AccountId=id["account:log-archive"], ServicePrincipal="guardduty.amazonaws.com"
    )
    facts.remove(
        "aws_organizations_delegated_services",
        delegated_account_id=id["account:log-archive"],
        service_principal="guardduty.amazonaws.com",
    )
    delegate(facts, organizations, "network", "access-analyzer.amazonaws.com")

    moved = facts.find("aws_organizations_accounts", id=id["account:workload-01"])
    organizations.move_account(
        AccountId=moved["id"],
        SourceParentId=id["unit:/Workloads/Prod"],
        DestinationParentId=id["unit:/Infrastructure/Network"],
    )
    moved.update(parent_id=id["unit:/Infrastructure/Network"], ou_path="/Infrastructure/Network")
    facts.find("aws_organizations_account_parents", id=moved["id"])["parent_id"] = moved["parent_id"]

    organizations.close_account(AccountId=id["account:leftover"])
    facts.find("aws_organizations_accounts", id=id["account:leftover"]).update(status="SUSPENDED", state="SUSPENDED")

    renamed = facts.find("aws_organizations_organizational_units", id=id["unit:/Workloads"])
    organizations.update_organizational_unit(OrganizationalUnitId=renamed["id"], Name="Applications")
    renamed["name"] = "Applications"
    for table in ["aws_organizations_organizational_units", "aws_organizations_accounts"]:
        for row in facts.tables[table]:
            if (row["ou_path"] + "/").startswith("/Workloads/"):
                row["ou_path"] = "/Applications" + row["ou_path"][len("/Workloads") :]
    for row in facts.tables["aws_organizations_policy_targets"]:
        if row["target_id"] == renamed["id"]:
            row["name"] = "Applications"

    policy_id = id["policy:guard-the-guards"]
    organizations.detach_policy(PolicyId=policy_id, TargetId=id["account:log-archive"])
    facts.remove("aws_organizations_policy_targets", policy_id=policy_id, target_id=id["account:log-archive"])
    text = json.dumps(deny("guardduty:*"))
    organizations.update_policy(PolicyId=policy_id, Content=text)
    facts.find("aws_organizations_policies", id=policy_id).update(content=json.loads(text), content_text=text)

    organizations.delete_policy(PolicyId=id["policy:unattached-18"])
    facts.remove("aws_organizations_policies", id=id["policy:unattached-18"])

    organizations.disable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    facts.remove("aws_organizations_service_access", service_principal="sso.amazonaws.com")
    verify(facts)


def verify(facts):
    """The list calls of boto3 find exactly what was written down."""
    organizations = client("organizations")
    rows = facts.tables

    def pages(operation, key, **arguments):
        found, token = [], {}
        while True:
            answer = getattr(organizations, operation)(**arguments, **token)
            found += answer[key]
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}

    def same(what, found, expected):
        found, expected = sorted(found), sorted(expected)
        assert found == expected, f"{what}: moto has {found}, expected {expected}"

    accounts = pages("list_accounts", "Accounts", MaxResults=20)
    same(
        "accounts",
        [(a["Id"], a["Arn"], a["Name"], a["Email"], a["State"], iso(a["JoinedTimestamp"])) for a in accounts],
        [
            (a["id"], a["arn"], a["name"], a["email"], a["state"], a["joined_timestamp"])
            for a in rows["aws_organizations_accounts"]
        ],
    )
    parents = [facts.target(path) for path in ["", *UNITS]]
    same(
        "account parents",
        [
            (a["Id"], parent)
            for parent in parents
            for a in pages("list_accounts_for_parent", "Accounts", ParentId=parent, MaxResults=20)
        ],
        [(row["id"], row["parent_id"]) for row in rows["aws_organizations_account_parents"]],
    )
    same(
        "organizational units",
        [
            (u["Id"], u["Arn"], u["Name"], parent)
            for parent in parents
            for u in pages("list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent)
        ],
        [(u["id"], u["arn"], u["name"], u["parent_id"]) for u in rows["aws_organizations_organizational_units"]],
    )
    policies = [
        policy
        for policy_type in ENABLED_TYPES
        for policy in pages("list_policies", "Policies", Filter=policy_type, MaxResults=20)
    ]
    same(
        "policies",
        [(p["Id"], p["Arn"], p["Name"], p["Description"], p["Type"], p["AwsManaged"]) for p in policies],
        [
            (p["id"], p["arn"], p["name"], p["description"], p["type"], p["aws_managed"])
            for p in rows["aws_organizations_policies"]
        ],
    )
    same(
        "policy texts",
        [organizations.describe_policy(PolicyId=p["Id"])["Policy"]["Content"] for p in policies if not p["AwsManaged"]],
        [p["content_text"] for p in rows["aws_organizations_policies"] if not p["aws_managed"]],
    )
    same(
        "policy targets",
        [
            (p["Id"], t["TargetId"], t["Arn"], t["Name"], t["Type"])
            for p in policies
            for t in pages("list_targets_for_policy", "Targets", PolicyId=p["Id"])
        ],
        [
            (t["policy_id"], t["target_id"], t["arn"], t["name"], t["target_type"])
            for t in rows["aws_organizations_policy_targets"]
        ],
    )
    same(
        "tags",
        [
            (id, tag["Key"], tag["Value"])
            for id in [row["id"] for table in TAGGED for row in rows[table]]
            for tag in pages("list_tags_for_resource", "Tags", ResourceId=id)
        ],
        [(row["id"], *tag) for table in TAGGED for row in rows[table] for tag in row["tags"].items()],
    )
    same(
        "trusted access",
        [
            (s["ServicePrincipal"], iso(s["DateEnabled"]))
            for s in pages("list_aws_service_access_for_organization", "EnabledServicePrincipals")
        ],
        [(s["service_principal"], s["date_enabled"]) for s in rows["aws_organizations_service_access"]],
    )
    delegates = pages("list_delegated_administrators", "DelegatedAdministrators")
    same(
        "delegated administrators",
        [(d["Id"], d["Arn"], d["State"], iso(d["DelegationEnabledDate"])) for d in delegates],
        [
            (d["id"], d["arn"], d["state"], d["delegation_enabled_date"])
            for d in rows["aws_organizations_delegated_administrators"]
        ],
    )
    same(
        "delegated services",
        [
            (d["Id"], s["ServicePrincipal"], iso(s["DelegationEnabledDate"]))
            for d in delegates
            for s in pages("list_delegated_services_for_account", "DelegatedServices", AccountId=d["Id"])
        ],
        [
            (s["delegated_account_id"], s["service_principal"], s["delegation_enabled_date"])
            for s in rows["aws_organizations_delegated_services"]
        ],
    )
    same(
        "GuardDuty administrators",
        [
            (region["region_name"], a["AdminAccountId"], a["AdminStatus"])
            for region in rows["aws_ec2_regions"]
            for a in client("guardduty", region["region_name"]).list_organization_admin_accounts()["AdminAccounts"]
        ],
        [
            (a["region"], a["admin_account_id"], a["admin_status"])
            for a in rows["aws_guardduty_organization_admin_accounts"]
        ],
    )


TAGGED = [
    "aws_organizations_roots",
    "aws_organizations_accounts",
]


if __name__ == "__main__":
    if sys.argv[1:] == ["build"]:
        build().print()
    elif sys.argv[1:] == ["change"]:
        changed = Facts(json.load(sys.stdin))
        change(changed)
        changed.print()
    else:
        sys.exit("usage: build_organization.py build | change < facts.json")
