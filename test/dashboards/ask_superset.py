"""Asks Superset what the page asks it: every chart of the imported dashboard, as it is and filtered. Prints what came back as JSON."""

import json
import sys
from copy import deepcopy

from superset.app import create_app

app = create_app()


def ask(query_context):
    """As POST /api/v1/chart/data does."""
    from superset.charts.schemas import ChartDataQueryContextSchema
    from superset.commands.chart.data.get_data_command import ChartDataCommand

    command = ChartDataCommand(ChartDataQueryContextSchema().load(query_context))
    command.validate()
    (answer,) = command.run()["queries"]
    return {
        "rows": answer["rowcount"],
        "columns": answer["colnames"],
        "error": answer["error"],
        # A filter whose column the dataset does not have is left out, and the page says so.
        "left_out": [given["column"] for given in answer.get("rejected_filters", [])],
        "data": answer["data"][:60],
    }


def filtered(query_context, column, value):
    other = deepcopy(query_context)
    for query in other["queries"]:
        query["filters"] = [{"col": column, "op": "IN", "val": [value]}]
    return other


def main(bundle, folder):
    from flask import g

    from superset import db, security_manager
    from superset.cli.main import superset as commands
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard

    def run(*arguments):
        result = app.test_cli_runner().invoke(commands, arguments)
        db.session.expire_all()
        return {"exit_code": result.exit_code, "output": result.output[-2000:]}

    def uri():
        return db.session.query(Database).filter_by(database_name="aws_delegation").one().sqlalchemy_uri

    def sql():
        return db.session.query(SqlaTable).filter_by(table_name="Holders").one().sql

    told = {}
    with app.test_request_context():
        g.user = security_manager.find_user(username="admin")
        dashboard = db.session.query(Dashboard).one()
        metadata = json.loads(dashboard.json_metadata)
        told["dashboard"] = {
            "slug": dashboard.slug,
            "published": dashboard.published,
            "charts": sorted(chart.slice_name for chart in dashboard.slices),
        }
        told["charts"] = {}
        for chart in dashboard.slices:
            asked = json.loads(chart.query_context)
            told["charts"][chart.slice_name] = {
                "viz_type": chart.viz_type,
                "dataset": chart.table.table_name,
                "as_it_is": ask(asked),
                "another": ask(filtered(asked, "organization_id", "o-another")),
            }
        told["filters"] = {}
        for native in metadata["native_filter_configuration"]:
            (target,) = native["targets"]
            column = target["column"]["name"]
            answer = ask(
                {
                    "datasource": {"id": target["datasetId"], "type": "table"},
                    "queries": [{"columns": [column], "metrics": [], "orderby": [[column, True]], "row_limit": 100}],
                    "result_type": "full",
                    "result_format": "json",
                }
            )
            excluded = set(native["scope"]["excluded"])
            told["filters"][native["name"]] = {
                "values": [row[column] for row in answer["data"]],
                "left_out": sorted(chart.slice_name for chart in dashboard.slices if chart.id in excluded),
                "without_the_column": sorted(
                    chart.slice_name
                    for chart in dashboard.slices
                    if column not in {known.column_name for known in chart.table.columns}
                ),
            }

        # What docs/bi.md says of another version of the bundle.
        connection = db.session.query(Database).filter_by(database_name="aws_delegation").one()
        connection.set_sqlalchemy_uri("postgresql+psycopg2://somebody@db.example.com/inventory")
        db.session.query(SqlaTable).filter_by(table_name="Holders").one().sql = "select 'older' as organization_id"
        db.session.commit()
        told["imported_again"] = {**run("import-dashboards", "-p", bundle, "-u", "admin"), "uri": uri(), "sql": sql()}
        told["overwritten"] = {**run("import-directory", "--overwrite", folder), "uri": uri(), "sql": sql()}
    json.dump(told, sys.stdout, default=str)


with app.app_context():
    main(*sys.argv[1:])
