"""A service with what a first file has to get right: a token, ids that only
answers tell, values with bounds, and a path that nobody can guess."""

from datetime import date
from enum import Enum
from typing import List, Optional
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, Field

app = FastAPI(title="Orders")
oauth = OAuth2PasswordBearer(tokenUrl="auth/token")
items = {}


class Kind(str, Enum):
    small = "small"
    large = "large"


class Size(BaseModel):
    width: float = Field(gt=0, le=10)
    height: int = Field(ge=5, multiple_of=5)


class ItemIn(BaseModel):
    title: str = Field(min_length=3, max_length=6)
    kind: Kind
    size: Size
    due: date
    email: str
    tags: List[str] = Field(min_items=2)
    note: Optional[str] = None


class Item(ItemIn):
    id: UUID


@app.post("/auth/token")
async def token(request: Request):
    form = parse_qs((await request.body()).decode())
    if form.get("password") != ["change-me"] or form.get("grant_type") != ["password"]:
        raise HTTPException(401)
    return {"access_token": "t-" + form["username"][0], "token_type": "bearer"}


@app.get("/items", response_model=List[Item], tags=["items"])
def list_items(limit: int = Query(ge=1, le=50), token: str = Depends(oauth)):
    return list(items.values())[:limit]


@app.post("/items", response_model=Item, status_code=201, tags=["items"])
def create(item: ItemIn, token: str = Depends(oauth)):
    new = Item(id=uuid4(), **item.dict())
    items[new.id] = new
    return new


def found(item_id: UUID):
    if item_id not in items:
        raise HTTPException(404)
    return items[item_id]


@app.get("/items/{item_id}", response_model=Item, tags=["items"])
def one(item_id: UUID, token: str = Depends(oauth)):
    return found(item_id)


@app.delete("/items/{item_id}", status_code=200, tags=["items"])
def delete(item_id: UUID, token: str = Depends(oauth)):
    found(item_id)
    del items[item_id]


@app.get("/reports/{day}", tags=["reports"])
def report(day: date):
    return {"day": day, "orders": len(items)}


@app.get("/secrets/{code}", tags=["reports"])
def secret(code: str):
    raise HTTPException(404)


@app.get("/old", deprecated=True)
def old():
    return {}


@app.get("/healthz")
def health():
    return {"status": "ok"}
