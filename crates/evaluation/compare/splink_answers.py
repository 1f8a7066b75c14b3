"""Splink (PyPI) in a careful default set-up, on the files that `dn match bench --splink PYTHON` writes.

Reads register.csv and queries.csv in the directory given and writes answers.csv there: id;reponse;identifiants.
Every column that says who somebody is, is compared: names, given names, dates of birth and death, sex, commune of birth.
Link type "link_only"; u by random sampling, m by expectation-maximisation over two blocking rules; one candidate at
0.99 or more, with no other within reach of it, is "connu"; whoever is at 0.5 or more is "ambigu".
"""
import csv
import sys
import unicodedata
from collections import defaultdict

import pandas
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

DIRECTORY = sys.argv[1]
SURE, POSSIBLE = 0.99, 0.5


def plain(text):
    text = unicodedata.normalize("NFD", text or "")
    text = "".join(c for c in text if not unicodedata.combining(c)).upper()
    return " ".join("".join(c if c.isalnum() else " " for c in text).split()) or None


def iso(text):
    text = text.strip()
    if "/" in text:
        day, month, year = text.split("/")
        return f"{year}-{month}-{day}"
    return text


def read(name, identifier):
    rows = []
    with open(f"{DIRECTORY}/{name}", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            given = (plain(row["prenoms"]) or "").split()
            rows.append(
                {
                    "unique_id": row[identifier],
                    "birth_name": plain(row["nom_naissance"]),
                    "usage_name": plain(row["nom_usage"]),
                    "first_name": given[0] if given else None,
                    "other_names": " ".join(given[1:]) or None,
                    "born": iso(row["date_naissance"]) or None,
                    "sex": row["sexe"] or None,
                    "birthplace": plain(row["commune_naissance"]),
                    "died": iso(row["date_deces"]) or None,
                }
            )
    return pandas.DataFrame(rows).drop_duplicates("unique_id")


register, queries = read("register.csv", "identifiant"), read("queries.csv", "id")
settings = SettingsCreator(
    link_type="link_only",
    comparisons=[
        cl.NameComparison("birth_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("usage_name"),
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("other_names", [0.9]),
        cl.DateOfBirthComparison("born", input_is_string=True),
        cl.ExactMatch("sex"),
        cl.JaroWinklerAtThresholds("birthplace", [0.9]).configure(term_frequency_adjustments=True),
        cl.AbsoluteDateDifferenceAtThresholds("died", input_is_string=True, metrics=["day", "month"], thresholds=[3, 1]),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("born"),
        block_on("birth_name", "first_name"),
        block_on("birth_name", "substr(born, 1, 4)"),
        block_on("first_name", "substr(born, 1, 4)", "substr(birth_name, 1, 2)"),
        "l.birth_name = r.usage_name and l.first_name = r.first_name",
        "l.usage_name = r.birth_name and l.first_name = r.first_name",
    ],
)
api = DuckDBAPI()
tables = [api.register(register, dataset_display_name="register"), api.register(queries, dataset_display_name="queries")]
linker = Linker(tables, settings)
linker.training.estimate_probability_two_random_records_match([block_on("born", "birth_name", "first_name")], recall=0.6)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("born"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_name", "first_name"))
pairs = linker.inference.predict(threshold_match_probability=POSSIBLE).as_pandas_dataframe()

found = defaultdict(dict)
for left, source, right, probability in zip(
    pairs["unique_id_l"], pairs["source_dataset_l"], pairs["unique_id_r"], pairs["match_probability"]
):
    person, query = (left, right) if source == "register" else (right, left)
    found[query][person] = max(probability, found[query].get(person, 0))
with open(f"{DIRECTORY}/answers.csv", "w", encoding="utf-8", newline="") as file:
    out = csv.writer(file, delimiter=";")
    out.writerow(["id", "reponse", "identifiants"])
    for query in queries["unique_id"]:
        ranked = sorted(found[query].items(), key=lambda item: (-item[1], item[0]))
        if not ranked:
            answer = "inconnu"
        elif ranked[0][1] >= SURE and len(ranked) == 1:
            answer = "connu"
        else:
            answer = "ambigu"
        out.writerow([query, answer, "|".join(person for person, _ in ranked[:20])])
